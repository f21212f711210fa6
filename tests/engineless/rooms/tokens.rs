//! Rust source as far as arrows between files need it: words and marks, without
//! comments, texts and tests.

/// A piece of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a keyword.
    Word(String),
    /// `::`
    Colons,
    /// Any other character.
    Mark(char),
}

impl Token {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own == word)
    }
}

/// The tokens of a file.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let text: Vec<char> = source.chars().collect();
    let at = |place: usize| text.get(place).copied().unwrap_or('\0');
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut found = Vec::new();
    let mut place = 0;
    while place < text.len() {
        match (at(place), at(place + 1)) {
            ('/', '/') => {
                while place < text.len() && at(place) != '\n' {
                    place += 1;
                }
            }
            ('/', '*') => {
                while place < text.len() && (at(place), at(place + 1)) != ('*', '/') {
                    place += 1;
                }
                place += 2;
            }
            ('"', _) => place = after_text(&text, place + 1),
            ('r', '"' | '#') if raw_text(&text, place).is_some() => {
                place = raw_text(&text, place).unwrap();
            }
            // A character, not a lifetime.
            ('\'', '\\') => {
                place += 3;
                while place < text.len() && at(place) != '\'' {
                    place += 1;
                }
                place += 1;
            }
            ('\'', _) if at(place + 2) == '\'' => place += 3,
            ('\'', _) => {
                place += 1;
                while is_word(at(place)) {
                    place += 1;
                }
            }
            (':', ':') => {
                found.push(Token::Colons);
                place += 2;
            }
            (letter, _) if is_word(letter) => {
                let begin = place;
                while place < text.len() && is_word(at(place)) {
                    place += 1;
                }
                found.push(Token::Word(text[begin..place].iter().collect()));
            }
            (letter, _) => {
                if !letter.is_whitespace() {
                    found.push(Token::Mark(letter));
                }
                place += 1;
            }
        }
    }
    found
}

/// Behind the `"` that ends a text.
fn after_text(text: &[char], mut place: usize) -> usize {
    while place < text.len() && text[place] != '"' {
        place += if text[place] == '\\' { 2 } else { 1 };
    }
    place + 1
}

/// Behind the end of `r"…"` or `r#"…"#`, if there is one at this place.
fn raw_text(text: &[char], place: usize) -> Option<usize> {
    let hashes = text[place + 1..].iter().take_while(|letter| **letter == '#').count();
    let begin = place + 1 + hashes;
    text.get(begin).filter(|letter| **letter == '"')?;
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let rest = &text[begin + 1..];
    let length = rest.windows(end.len()).position(|window| window == end)?;
    Some(begin + 1 + length + end.len())
}

/// The tokens without what is compiled for tests alone, and the names of the modules
/// that are.
pub(super) fn without_tests(all: Vec<Token>) -> (Vec<Token>, Vec<String>) {
    let attribute = tokens("#[cfg(test)]");
    let (mut kept, mut modules) = (Vec::new(), Vec::new());
    let mut place = 0;
    while place < all.len() {
        if !all[place..].starts_with(&attribute) {
            kept.push(all[place].clone());
            place += 1;
            continue;
        }
        place += attribute.len();
        let item = item(&all[place..]);
        if let [.., before, Token::Word(name), Token::Mark(';')] = item
            && before.is("mod")
        {
            modules.push(name.clone());
        }
        place += item.len();
    }
    (kept, modules)
}

/// The first item: up to its semicolon or the end of its braces.
fn item(tokens: &[Token]) -> &[Token] {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') if depth <= 1 => return &tokens[..=place],
            Token::Mark('}') => depth -= 1,
            Token::Mark(';') if depth == 0 => return &tokens[..=place],
            _ => {}
        }
    }
    tokens
}
