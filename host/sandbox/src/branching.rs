//! How much a compiler has to remember of functions: at every place where control
//! can come from several others, where each variable is; and loops in loops again.

use wasmparser::{
    BlockType, FunctionBody, FunctionSectionReader, Operator, Result, TypeSectionReader,
};

/// The functions of a module, as far as their code needs it.
#[derive(Default)]
pub(super) struct Functions {
    /// Parameters and results of every type.
    arities: Vec<usize>,
    /// Parameters of the functions whose code comes next, the last one first.
    parameters: Vec<usize>,
}

impl Functions {
    /// Types come first.
    pub(super) fn types(&mut self, section: TypeSectionReader<'_>) -> Result<()> {
        for function in section.into_iter_err_on_gc_types() {
            let function = function?;
            self.arities.push(function.params().len() + function.results().len());
        }
        Ok(())
    }

    /// Then which function is of which type.
    pub(super) fn declared(&mut self, section: FunctionSectionReader<'_>) -> Result<()> {
        for index in section {
            self.parameters.push(self.arity(index?));
        }
        self.parameters.reverse();
        Ok(())
    }

    /// Then their code: its branches, each times the variables and the loops it is in.
    pub(super) fn branching(&mut self, body: &FunctionBody<'_>) -> Result<u64> {
        let mut variables = self.parameters.pop().unwrap_or_default();
        for local in body.get_locals_reader()? {
            let (count, _type) = local?;
            variables = variables.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
        }
        // Whether each block that is open is a loop, and how many are.
        let (mut open, mut loops) = (Vec::new(), 1_usize);
        let mut branching = 0_usize;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            match operator {
                Operator::Block { .. } | Operator::If { .. } => open.push(false),
                Operator::Loop { .. } => {
                    open.push(true);
                    loops += 1;
                }
                Operator::End if open.pop() == Some(true) => loops -= 1,
                _ => {}
            }
            let (ways, carried) = match operator {
                Operator::Block { blockty }
                | Operator::Loop { blockty }
                | Operator::If { blockty } => match blockty {
                    BlockType::FuncType(index) => (1, self.arity(index)),
                    BlockType::Empty | BlockType::Type(_) => (1, 0),
                },
                Operator::Br { .. } | Operator::BrIf { .. } => (1, 0),
                Operator::BrTable { targets } => (targets.len(), 0),
                _ => continue,
            };
            let ways = usize::try_from(ways).unwrap_or(usize::MAX);
            let each = variables.saturating_add(carried).saturating_add(1);
            branching = branching.saturating_add(each.saturating_mul(ways).saturating_mul(loops));
        }
        Ok(u64::try_from(branching).unwrap_or(u64::MAX))
    }

    fn arity(&self, index: u32) -> usize {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.arities.get(index).copied().unwrap_or_default()
    }
}
