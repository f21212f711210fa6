//! Where in the text a value stands and how it was written: a second parse, by a
//! parser that keeps positions, done only when there is something to report.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, Span};

use super::error::Position;
use super::finding::{Finding, Spot, Step};

/// The positions in one document, as a tree beside that of the values. Aliases
/// are kept as such, so it is never larger than the text.
pub(super) struct Positions {
    nodes: Vec<Node>,
    anchors: HashMap<usize, usize>,
}

struct Node {
    position: Position,
    kind: Kind,
}

/// Numbers are places in `Positions::nodes`.
enum Kind {
    Scalar(String),
    Sequence(Vec<usize>),
    /// Keys and values in turn.
    Mapping(Vec<usize>),
    /// The number of an anchor.
    Alias(usize),
}

impl Positions {
    /// Reads the first document of `source` as far as this parser can.
    pub(super) fn read(source: &str) -> Self {
        let mut positions = Self { nodes: Vec::new(), anchors: HashMap::new() };
        // What is open: its node and the nodes in it.
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        for event in Parser::new_from_str(source) {
            let Ok((event, span)) = event else { break };
            let (kind, anchor) = match event {
                Event::DocumentEnd => break,
                Event::Scalar(text, _, anchor, _) => (Kind::Scalar(text.into_owned()), anchor),
                Event::Alias(anchor) => (Kind::Alias(anchor), 0),
                Event::SequenceStart(anchor, _) => (Kind::Sequence(Vec::new()), anchor),
                Event::MappingStart(anchor, _) => (Kind::Mapping(Vec::new()), anchor),
                Event::SequenceEnd | Event::MappingEnd => {
                    positions.close(open.pop());
                    continue;
                }
                _ => continue,
            };
            let opens = matches!(kind, Kind::Sequence(_) | Kind::Mapping(_));
            let node = positions.nodes.len();
            positions.nodes.push(Node { position: position(span), kind });
            if anchor > 0 {
                positions.anchors.insert(anchor, node);
            }
            if let Some((_, inside)) = open.last_mut() {
                inside.push(node);
            }
            if opens {
                open.push((node, Vec::new()));
            }
        }
        while let Some(unfinished) = open.pop() {
            positions.close(Some(unfinished));
        }
        positions
    }

    fn close(&mut self, finished: Option<(usize, Vec<usize>)>) {
        let Some((node, inside)) = finished else { return };
        if let Some(Kind::Sequence(items) | Kind::Mapping(items)) =
            self.nodes.get_mut(node).map(|node| &mut node.kind)
        {
            *items = inside;
        }
    }

    /// Where the finding points to.
    pub(super) fn of(&self, finding: &Finding) -> Option<Position> {
        let (node, key) = self.walk(&finding.path, finding.spot)?;
        let pointed = match finding.spot {
            Spot::Key(_) => key.unwrap_or(node),
            Spot::Value => node,
        };
        self.nodes.get(pointed).map(|node| node.position)
    }

    /// The characters of the scalar at the end of a path, as they were written.
    pub(super) fn written(&self, path: &[Step]) -> Option<&str> {
        let (node, _) = self.walk(path, Spot::Value)?;
        self.text(node)
    }

    /// The node at the end of a path, and that of the key that leads to it.
    fn walk(&self, path: &[Step], spot: Spot) -> Option<(usize, Option<usize>)> {
        let mut node = 0;
        let mut key = None;
        for (depth, step) in path.iter().enumerate() {
            let last = depth + 1 == path.len();
            let occurrence = match spot {
                Spot::Key(occurrence) if last => occurrence,
                _ => 0,
            };
            match (step, &self.target(node)?.kind) {
                (Step::Index(index), Kind::Sequence(items)) => {
                    (node, key) = (*items.get(*index)?, None);
                }
                (Step::Key(name), Kind::Mapping(pairs)) => {
                    let (found, value) = pairs
                        .chunks_exact(2)
                        .filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)))
                        .filter(|(found, _)| self.text(*found) == Some(name))
                        .nth(occurrence)?;
                    (node, key) = (value, Some(found));
                }
                _ => return None,
            }
        }
        Some((node, key))
    }

    /// The node, or the one that it is an alias of.
    fn target(&self, node: usize) -> Option<&Node> {
        let node = self.nodes.get(node)?;
        match node.kind {
            // An anchor stands on a value, never on another alias.
            Kind::Alias(anchor) => self.nodes.get(*self.anchors.get(&anchor)?),
            _ => Some(node),
        }
    }

    fn text(&self, node: usize) -> Option<&str> {
        match &self.target(node)?.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// Where a span begins.
pub(super) fn position(span: Span) -> Position {
    marked(span.start)
}

/// Where a mark is; the parser counts columns from 0.
pub(super) fn marked(mark: Marker) -> Position {
    Position { line: mark.line(), column: mark.col() + 1 }
}
