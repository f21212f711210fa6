//! What libFuzzer prints at its end.

use std::fmt;

/// How far one target came.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Inputs that were tried.
    inputs: u64,
    /// Edges of our code that were reached.
    edges: u64,
    /// The most memory, in MiB.
    memory: u64,
}

impl Figures {
    /// Reads the output of a run.
    pub(crate) fn read(output: &str) -> Self {
        let statistic = |name: &str| {
            let line = output.lines().find(|line| line.starts_with(name))?;
            line.rsplit(' ').next()?.parse().ok()
        };
        let edges = output.lines().rev().find_map(|line| {
            let mut words = line.split_ascii_whitespace();
            words.find(|word| *word == "cov:")?;
            words.next()?.parse().ok()
        });
        Self {
            inputs: statistic("stat::number_of_executed_units:").unwrap_or_default(),
            edges: edges.unwrap_or_default(),
            memory: statistic("stat::peak_rss_mb:").unwrap_or_default(),
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} inputs, {} edges, {} MiB", self.inputs, self.edges, self.memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_run_is_read() {
        let output = "#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 40Mb\n\
            #900\tDONE   cov: 345 ft: 400 corp: 9/99b lim: 16 exec/s: 90 rss: 51Mb\n\
            Done 900 runs in 11 second(s)\nstat::number_of_executed_units: 900\n\
            stat::average_exec_per_sec:     81\nstat::peak_rss_mb:              51\n";
        assert_eq!(Figures::read(output).to_string(), "900 inputs, 345 edges, 51 MiB");
    }
}
