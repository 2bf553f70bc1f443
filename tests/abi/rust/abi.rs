//! Of gantry/abi.h, version 1.0, what audit.rs needs: fields in the header's order. What is never looked at is a pointer to
//! nothing in particular.
use std::os::raw::{c_char, c_void};

pub const MAGIC: u32 = 0x5952_5447;
pub const OK: i32 = 0;
pub const RETRY: i32 = 1;
pub const REJECT: i32 = 2;
pub const INTEGER: u32 = 2;
pub const SOURCE_TOPIC: u32 = 1;

/// gantry_str and gantry_bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Bytes {
    pub data: *const u8,
    pub size: usize,
}

#[repr(C)]
pub struct Setting {
    pub struct_size: usize,
    pub name: *const c_char,
    pub help: *const c_char,
    pub fallback: *const c_char,
    pub allowed: *const c_char,
    pub kind: u32,
    pub flags: u32,
}

#[repr(C)]
pub struct Outcome {
    pub struct_size: usize,
    pub verdict: i32,
    pub retry_after_ms: u32,
    pub reason: Bytes,
    pub error_class: Bytes,
}

#[repr(C)]
pub struct Message {
    pub struct_size: usize,
    pub slot: u64,
    pub topic: Bytes,
    pub partition: i32,
    pub attempt: u32,
    pub offset: i64,
    pub timestamp_ms: i64,
    pub key: Bytes,
    pub value: Bytes,
    pub headers: *const c_void,
    pub header_count: usize,
    pub deadline_ms: u32,
    pub reserved: u32,
}

pub type Config = c_void;

#[repr(C)]
pub struct Host {
    pub struct_size: usize,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub log: extern "C" fn(*const Host, u64, i32, Bytes),
    pub settle: extern "C" fn(*const Host, u64, *const Outcome) -> i32,
    pub extension: extern "C" fn(*const Host, *const c_char) -> *const c_void,
    pub config_integer: extern "C" fn(*const Config, *const c_char, *mut i64) -> i32,
    pub config_number: extern "C" fn(*const Config, *const c_char, *mut f64) -> i32,
    pub config_text: extern "C" fn(*const Config, *const c_char, usize, *mut Bytes) -> i32,
}

pub type Setup = extern "C" fn(
    *mut c_void,
    *const Host,
    *const Config,
    *mut *mut c_void,
    *mut c_char,
    usize,
) -> i32;

#[repr(C)]
pub struct HandlerType {
    pub struct_size: usize,
    pub id: *const c_char,
    pub summary: *const c_char,
    pub flags: u32,
    pub max_batch: u32,
    pub options: *const *const Setting,
    pub option_count: usize,
    pub outputs: *const c_void,
    pub output_count: usize,
    pub migrations: *const c_void,
    pub migration_count: usize,
    pub required_extensions: *const *const c_char,
    pub required_extension_count: usize,
    pub open: *const c_void, // not used here: NULL
    pub create: Setup,
    pub handle: extern "C" fn(*mut c_void, *const *const Message, usize, *mut Outcome),
    pub cancel: Option<extern "C" fn(*mut c_void, u64)>,
    pub drain: Option<extern "C" fn(*mut c_void, u32)>,
    pub destroy: extern "C" fn(*mut c_void),
    pub close: Option<extern "C" fn(*mut c_void)>,
}

#[repr(C)]
pub struct Plugin {
    pub struct_size: usize,
    pub magic: u32,
    pub abi_major: u32,
    pub min_host_minor: u32,
    pub reserved: u32,
    pub name: *const c_char,
    pub version: *const c_char,
    pub built_with: *const c_char,
    pub handlers: *const *const HandlerType,
    pub handler_count: usize,
}

/// Pointers to constants, which any thread may read.
#[repr(transparent)]
pub struct Constant<T>(pub T);
unsafe impl<T> Sync for Constant<T> {}

/// C's text.
macro_rules! text {
    ($text:expr) => {
        concat!($text, "\0").as_ptr() as *const std::os::raw::c_char
    };
}
pub(crate) use text;
