//! A plugin in Rust, without a crate: rejects what is larger than its setting.
//!   rustc --edition 2021 --crate-type cdylib -O audit.rs -o libaudit-in-rust.so
//!
//! No panic may leave a function that the host calls: `contained` makes a verdict of it. Built with panic=abort there would be
//! nothing to contain, and a panic the end of the whole host.
mod abi;

use abi::*;
use std::mem::size_of;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null;

struct Audit {
    max_bytes: usize,
}

impl Audit {
    /// What is wrong with the message; None: nothing.
    fn audit(&self, value: &[u8]) -> Option<&'static str> {
        // A defect, for the tests: panics where the value is not text.
        let text = std::str::from_utf8(value).expect("text");
        if text.len() > self.max_bytes {
            Some("too large")
        } else {
            None
        }
    }
}

const MAX_BYTES: *const c_char = text!("max_bytes");

extern "C" fn create(
    _: *mut c_void,
    host: *const Host,
    config: *const Config,
    made: *mut *mut c_void,
    err: *mut c_char,
    err_size: usize,
) -> i32 {
    contained(1, || {
        let mut max_bytes = 0;
        // SAFETY: the host's tables and our own memory, during the call.
        unsafe {
            if ((*host).config_integer)(config, MAX_BYTES, &mut max_bytes) == 0 {
                if err_size > 0 {
                    *err = 0;
                }
                return 1;
            }
            *made = Box::into_raw(Box::new(Audit {
                max_bytes: max_bytes as usize,
            })) as *mut c_void;
        }
        0
    })
}

extern "C" fn handle(
    this: *mut c_void,
    messages: *const *const Message,
    _count: usize,
    rest: *mut Outcome,
) {
    // SAFETY: what create() made; max_batch is 1; a value lives until its slot is settled.
    let (audit, message, rest) = unsafe { (&*(this as *const Audit), &**messages, &mut *rest) };
    let (verdict, reason, class) = contained((RETRY, "a defect: it panicked", "panic"), || {
        match audit.audit(slice(&message.value)) {
            None => (OK, "", ""),
            Some(fault) => (REJECT, fault, ""),
        }
    });
    rest.verdict = verdict;
    rest.reason = Bytes {
        data: reason.as_ptr(),
        size: reason.len(),
    };
    rest.error_class = Bytes {
        data: class.as_ptr(),
        size: class.len(),
    };
}

extern "C" fn destroy(this: *mut c_void) {
    // SAFETY: what create() made, once.
    contained((), || drop(unsafe { Box::from_raw(this as *mut Audit) }));
}

/// What `call` returns, or `otherwise` where it panics. The panic itself is on standard error, which is the host's log.
fn contained<T>(otherwise: T, call: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(otherwise)
}

fn slice(bytes: &Bytes) -> &[u8] {
    // NULL is a tombstone: nothing to audit.
    if bytes.data.is_null() {
        return &[];
    }
    // SAFETY: the host's memory, valid as long as the message.
    unsafe { std::slice::from_raw_parts(bytes.data, bytes.size) }
}

// What the library offers: constants, which the host reads before it calls anything.

static SETTING: Constant<Setting> = Constant(Setting {
    struct_size: size_of::<Setting>(),
    name: MAX_BYTES,
    help: text!("reject above this"),
    fallback: text!("65536"),
    allowed: text!("1..1048576"),
    kind: INTEGER,
    flags: 0,
});
static SETTINGS: Constant<[&Setting; 1]> = Constant([&SETTING.0]);

static HANDLER: Constant<HandlerType> = Constant(HandlerType {
    struct_size: size_of::<HandlerType>(),
    id: text!("audit-in-rust"),
    summary: text!("rejects what is too large"),
    flags: SOURCE_TOPIC,
    max_batch: 1,
    options: &SETTINGS.0 as *const [&Setting; 1] as *const *const Setting,
    option_count: 1,
    outputs: null(),
    output_count: 0,
    migrations: null(),
    migration_count: 0,
    required_extensions: null(),
    required_extension_count: 0,
    open: null(),
    create,
    handle,
    cancel: None,
    drain: None,
    destroy,
    close: None,
});
static HANDLERS: Constant<[&HandlerType; 1]> = Constant([&HANDLER.0]);

#[allow(non_upper_case_globals)]
#[no_mangle]
pub static gantry_plugin_v1: Constant<Plugin> = Constant(Plugin {
    struct_size: size_of::<Plugin>(),
    magic: MAGIC,
    abi_major: 1,
    min_host_minor: 0,
    reserved: 0,
    name: text!("audit-in-rust"),
    version: text!("1.0.0"),
    built_with: text!("Rust"),
    handlers: &HANDLERS.0 as *const [&HandlerType; 1] as *const *const HandlerType,
    handler_count: 1,
});
