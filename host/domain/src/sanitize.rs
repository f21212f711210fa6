//! Makes text from elsewhere harmless for a terminal.
//!
//! A terminal obeys escape sequences (ECMA-48 §5) and control characters, so a
//! provider, an engine or a log line could recolour, overwrite or retitle what
//! the user sees. Characters that reverse the direction of writing (Unicode
//! UAX #9 §2) go too: they make a text read differently from what it is. So do those
//! that nobody sees, except the joiners and selectors that scripts and emoji need.

/// One line of harmless text: sequences and control characters are removed,
/// line breaks and tabs become spaces.
#[must_use]
pub fn sanitize(text: &str) -> String {
    run(text, false)
}

/// Several lines of harmless text: as [`sanitize`], but line breaks and tabs
/// stay. A carriage return, which would overwrite its line, begins a new one.
#[must_use]
pub fn sanitize_lines(text: &str) -> String {
    run(text, true)
}

fn run(text: &str, lines: bool) -> String {
    // Nearly everything is plain, and a list of a thousand sessions has much of it.
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.to_owned();
    }
    let mut sanitizer = Sanitizer::new(lines);
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        sanitizer.push(character, &mut clean);
    }
    clean
}

/// Cleans a stream; a sequence may begin in one piece and end in the next.
#[derive(Debug)]
pub struct Sanitizer {
    within: Within,
    lines: bool,
    returned: bool,
}

/// Where in a sequence we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    Escape,
    /// After CSI: parameters, then one final character.
    Control,
    /// After OSC, DCS, SOS, PM or APC: anything up to BEL or ST.
    Command,
    /// After ESC in a command: `\` ends it.
    CommandEscape,
}

impl Sanitizer {
    /// With `lines`, line breaks and tabs stay.
    #[must_use]
    pub fn new(lines: bool) -> Self {
        Self { within: Within::Text, lines, returned: false }
    }

    /// Takes a character and appends what is left of it.
    pub fn push(&mut self, character: char, clean: &mut String) {
        self.within = match (self.within, character) {
            (Within::Text, _) => self.text(character, clean),
            (Within::Escape, '[') => Within::Control,
            (Within::Escape, ']' | 'P' | 'X' | '^' | '_') => Within::Command,
            (Within::Escape, ' '..='/') => Within::Escape,
            (Within::Escape, '0'..='~') => Within::Text,
            (Within::Control, ' '..='?') => Within::Control,
            (Within::Control, '@'..='~') => Within::Text,
            (Within::Command, '\u{7}' | '\u{9c}') => Within::Text,
            (Within::Command, '\u{1b}') => Within::CommandEscape,
            // A command without an end must not swallow all that follows.
            (Within::Command | Within::CommandEscape, '\n') => self.text(character, clean),
            (Within::Command, _) => Within::Command,
            (Within::CommandEscape, _) => Within::Text,
            // Not a sequence after all.
            (Within::Escape | Within::Control, _) => self.text(character, clean),
        };
    }

    fn text(&mut self, character: char, clean: &mut String) -> Within {
        let returned = std::mem::replace(&mut self.returned, character == '\r');
        match character {
            '\u{1b}' => return Within::Escape,
            '\u{9b}' => return Within::Control,
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => return Within::Command,
            // The return before it was the break already.
            '\n' if returned => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => {
                clean.push(if self.lines { '\n' } else { ' ' })
            }
            '\t' => clean.push(if self.lines { '\t' } else { ' ' }),
            character
                if character.is_control()
                    || is_directional(character)
                    || is_invisible(character) => {}
            character => clean.push(character),
        }
        Within::Text
    }
}

/// Marks, embeddings, overrides and isolates of UAX #9.
fn is_directional(character: char) -> bool {
    matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters without a look of their own: `Default_Ignorable_Code_Point` of Unicode, but
/// for joiners and variation selectors.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_titles_and_cursor_moves_disappear_whole() {
        let hostile =
            "a\u{1b}[1;31mb\u{1b}]0;title\u{7}c\u{1b}]8;;http://x\u{1b}\\d\u{9b}2Je\u{1b}(Bf";
        assert_eq!(sanitize(hostile), "abcdef");
    }

    #[test]
    fn control_characters_disappear_and_breaks_become_spaces() {
        assert_eq!(sanitize("a\u{8}\u{0}b\u{7f}\nc\r\nd\te"), "ab c d e");
        assert_eq!(sanitize_lines("a\u{8}\u{0}b\u{7f}\nc\r\nd\te"), "ab\nc\nd\te");
    }

    #[test]
    fn a_carriage_return_cannot_overwrite_its_line() {
        assert_eq!(sanitize_lines("10%\r20%\r\ndone"), "10%\n20%\ndone");
    }

    #[test]
    fn the_direction_of_writing_cannot_be_turned() {
        assert_eq!(sanitize("safe\u{202e}gpj.exe\u{2066}"), "safegpj.exe");
    }

    #[test]
    fn what_nobody_sees_disappears() {
        assert_eq!(sanitize("a\u{200b}b\u{feff}c\u{ad}d\u{3164}e\u{e0041}f"), "abcdef");
    }

    #[test]
    fn an_unfinished_command_ends_with_its_line() {
        assert_eq!(sanitize_lines("a\u{1b}]0;never ended\nb"), "a\nb");
    }

    #[test]
    fn other_scripts_and_symbols_stay() {
        assert_eq!(sanitize("Zürich 東京 ✓ 👩‍🔬"), "Zürich 東京 ✓ 👩‍🔬");
    }
}
