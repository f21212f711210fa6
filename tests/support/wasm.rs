//! Components that no compiler makes, in the binary format of WebAssembly and its
//! component model.

const HEADER: usize = 8;
const CORE_MODULE: u8 = 1;
const CORE_INSTANCE: u8 = 2;
const TABLE: u8 = 4;
const FUNCREF: u8 = 0x70;

/// A core module of nothing but tables, each with that many elements.
#[must_use]
pub fn module_with_tables(tables: u32, elements: u32) -> Vec<u8> {
    let mut all = number(tables);
    for _ in 0..tables {
        all.extend([FUNCREF, 0]);
        all.extend(number(elements));
    }
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    section(&mut module, TABLE, &all);
    module
}

/// The component with one more core module, of which it makes that many instances.
///
/// # Panics
///
/// When it is no component.
#[must_use]
pub fn with_instances(component: &[u8], module: &[u8], instances: u32) -> Vec<u8> {
    let index = number(core_modules(component));
    let mut all = number(instances);
    for _ in 0..instances {
        // Instantiate it, with no arguments.
        all.push(0);
        all.extend(&index);
        all.push(0);
    }
    let mut component = component.to_vec();
    section(&mut component, CORE_MODULE, module);
    section(&mut component, CORE_INSTANCE, &all);
    component
}

/// How many a component has at its outermost level.
fn core_modules(component: &[u8]) -> u32 {
    let mut rest = &component[HEADER..];
    let mut count = 0;
    while let [id, after @ ..] = rest {
        count += u32::from(*id == CORE_MODULE);
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

/// LEB128.
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
