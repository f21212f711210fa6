//! Components that no compiler makes, in the binary format of WebAssembly and its
//! component model.

const HEADER: usize = 8;
const CORE_MODULE: u8 = 1;
const CORE_INSTANCE: u8 = 2;
const COMPONENT: u8 = 4;
const COMPONENT_INSTANCE: u8 = 5;
const TYPE: u8 = 1;
const FUNCTION: u8 = 3;
const TABLE: u8 = 4;
const GLOBAL: u8 = 6;
const CODE: u8 = 10;
const FUNCREF: u8 = 0x70;
const I32: u8 = 0x7f;
const END: u8 = 0x0b;
const MODULE: &[u8] = b"\0asm\x01\0\0\0";
const EMPTY_COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

/// A core module of nothing but tables, each with that many elements.
#[must_use]
pub fn module_with_tables(tables: u32, elements: u32) -> Vec<u8> {
    let mut all = number(tables);
    for _ in 0..tables {
        all.extend([FUNCREF, 0]);
        all.extend(number(elements));
    }
    let mut module = MODULE.to_vec();
    section(&mut module, TABLE, &all);
    module
}

/// A core module of nothing but globals.
#[must_use]
pub fn module_with_globals(globals: u32) -> Vec<u8> {
    let mut all = number(globals);
    // Each begins as `i32.const 0`.
    (0..globals).for_each(|_| all.extend([I32, 0, 0x41, 0, END]));
    let mut module = MODULE.to_vec();
    section(&mut module, GLOBAL, &all);
    module
}

/// A core module of one function with so many loops in each other and variables.
#[must_use]
pub fn module_with_loops(loops: usize, variables: u32) -> Vec<u8> {
    let locals = [vec![1], number(variables), vec![I32]].concat();
    let body = [locals, [0x03, 0x40].repeat(loops), vec![END; loops + 1]].concat();
    let mut module = MODULE.to_vec();
    section(&mut module, TYPE, &[1, 0x60, 0, 0]);
    section(&mut module, FUNCTION, &[1, 0]);
    let length = number(u32::try_from(body.len()).unwrap());
    section(&mut module, CODE, &[vec![1], length, body].concat());
    module
}

/// The component with one that makes `instances` of another, which makes as many of
/// another, and so on.
///
/// # Panics
///
/// When it is no component.
#[must_use]
pub fn with_nested(component: &[u8], depth: u32, instances: u32) -> Vec<u8> {
    let mut inner = EMPTY_COMPONENT.to_vec();
    for _ in 0..depth {
        let mut outer = EMPTY_COMPONENT.to_vec();
        section(&mut outer, COMPONENT, &inner);
        section(&mut outer, COMPONENT_INSTANCE, &instantiating(0, instances));
        inner = outer;
    }
    let index = sections(component, COMPONENT);
    let mut component = component.to_vec();
    section(&mut component, COMPONENT, &inner);
    section(&mut component, COMPONENT_INSTANCE, &instantiating(index, 1));
    component
}

/// The component with one more core module, of which it makes that many instances.
///
/// # Panics
///
/// When it is no component.
#[must_use]
pub fn with_instances(component: &[u8], module: &[u8], instances: u32) -> Vec<u8> {
    let all = instantiating(sections(component, CORE_MODULE), instances);
    let mut component = component.to_vec();
    section(&mut component, CORE_MODULE, module);
    section(&mut component, CORE_INSTANCE, &all);
    component
}

/// Instantiates what has this index, with no arguments.
fn instantiating(index: u32, instances: u32) -> Vec<u8> {
    let once = [vec![0], number(index), vec![0]].concat();
    [number(instances), once.repeat(usize::try_from(instances).unwrap())].concat()
}

/// How many of a kind a component has at its outermost level.
fn sections(component: &[u8], kind: u8) -> u32 {
    let mut rest = &component[HEADER..];
    let mut count = 0;
    while let [id, after @ ..] = rest {
        count += u32::from(*id == kind);
        let (mut size, mut shift, mut used) = (0, 0, 0);
        loop {
            size |= usize::from(after[used] & 0x7f) << shift;
            shift += 7;
            used += 1;
            if after[used - 1] & 0x80 == 0 {
                break;
            }
        }
        rest = &after[used + size..];
    }
    count
}

fn section(file: &mut Vec<u8>, id: u8, content: &[u8]) {
    file.push(id);
    file.extend(number(u32::try_from(content.len()).unwrap()));
    file.extend(content);
}

fn number(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = u8::try_from(value & 0x7f).unwrap();
        value >>= 7;
        if value == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}
