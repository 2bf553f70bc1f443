// Libraries that must not be loaded: each is refused with a message that names the place, and a
// remedy.
#include "abi/one_handler.hpp"

namespace gantry::test {
namespace {

struct Refused {
  const char* misdeed;
  const char* message;
};
void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.misdeed; }

class RefusedPlugin : public testing::TestWithParam<Refused> {};

TEST_P(RefusedPlugin, says_what_is_wrong) {
  const std::string file = misbehaving(GetParam().misdeed).string();
  const std::string refusal = refusal_of(plugin_at(file));
  EXPECT_THAT(refusal, testing::HasSubstr(file + ": "));
  EXPECT_THAT(refusal, testing::HasSubstr(GetParam().message));
}

constexpr Refused kRefused[] = {
    {"no-entry", "exports no gantry_plugin_v1"},
    {"wrong-magic", "magic is not GANTRY_MAGIC"},
    {"wrong-major", "abi_major is 2, but gantry_plugin_v1 is ABI 1"},
    {"newer-minor", "needs plugin ABI 1.9999; this host has 1.0\n  upgrade the host"},
    {"short-plugin", "struct_size is 16, but gantry_plugin of ABI 1.0 has 64 bytes"},
    {"reserved-set", "reserved is 1, not 0"},
    {"bad-name", "name 'Mis behaving' has characters that are not allowed"},
    {"null-version", "version is NULL"},
    {"no-handlers", "has no handlers"},
    {"huge-count", "handlers has 1073741824 items, at most 1024 are taken"},
    {"null-handler", "handler 0: is NULL instead of a gantry_handler_type"},
    {"short-handler", "struct_size is 24, but gantry_handler_type of ABI 1.0 has"},
    {"odd-size", "but gantry_handler_type of ABI 1.0 has"},
    {"null-id", "handler 0: id is NULL"},
    {"null-create", "handler 'misbehaving': create is NULL"},
    {"unknown-flag", "handler 'misbehaving': flags has bits that this host does not know (512)"},
    {"zero-batch", "handler 'misbehaving': max_batch is 0"},
    {"no-source", "handler 'misbehaving': flags names no source"},
    {"outbox-without-database", "GANTRY_USES_OUTBOX, but no option is of type GANTRY_DATABASE"},
    {"duplicate-handler", "handler 'misbehaving': is declared twice"},
    {"short-option", "option 0: struct_size is 8, but gantry_option of ABI 1.0 has"},
    {"unknown-option-type", "option 'text': type 99 is not known to this host"},
    {"unknown-option-flag", "option 'text': flags has bits that this host does not know (256)"},
    {"bad-option-name", "option 0: name 'max-bytes' has characters that are not allowed"},
    {"duplicate-option", "option 'text': is declared twice"},
    {"null-help", "option 'text': help is NULL"},
    {"duplicate-output", "output 'created': is declared twice"},
    {"bad-key-format", "output 'created': key_format 'avro' is not known"},
    {"output-reserved-set", "output 'created': reserved is 3, not 0"},
    {"migration-without-database", "database is NULL, but the handler has 0 database options"},
    {"duplicate-migration", "migration 1: is there twice"},
    {"missing-extension", "requires the extension 'acme.telepathy/1'"},
    {"missing-symbol", "undefined symbol: nobody_defines_this"},
    {"origin-runpath", "has the RUNPATH '$ORIGIN/../private', which can't work"},
};

std::string name_of(const testing::TestParamInfo<Refused>& info) {
  std::string name = info.param.misdeed;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Each, RefusedPlugin, testing::ValuesIn(kRefused), name_of);

TEST(RefusedPlugin, does_not_keep_the_next_one_from_being_loaded) {
  EXPECT_NE(refusal_of(plugin_at(misbehaving("null-create"))), "");
  EXPECT_EQ(refusal_of(plugin_at(misbehaving("well-behaved"))), "");
}

}  // namespace
}  // namespace gantry::test
