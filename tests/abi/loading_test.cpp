// From a file to a library that handles: what the loader checks of the file, and what may happen to
// it afterwards.
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "abi/one_handler.hpp"
#include "plugin/plugins.hpp"
#include "plugin/sha256.hpp"

namespace gantry::test {
namespace {

using testing::HasSubstr;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_file(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// A file of the well-behaved plugin, changed; and what is said about it.
std::string refusal_of_changed(const std::function<void(std::string&)>& change) {
  const StateDir folder;
  std::string bytes = read_file(misbehaving("well-behaved"));
  change(bytes);
  write_file(folder.path() / "libchanged.so", bytes);
  return refusal_of(plugin_at(folder.path() / "libchanged.so"));
}

TEST(Loader, refuses_a_file_that_is_not_there) {
  EXPECT_THAT(refusal_of(plugin_at("/nowhere/libnone.so")),
              HasSubstr("/nowhere/libnone.so: can't be opened: No such file or directory"));
}

TEST(Loader, refuses_a_folder) {
  const StateDir folder;
  EXPECT_THAT(refusal_of(plugin_at(folder.path())), HasSubstr("is not a regular file"));
}

TEST(Loader, refuses_a_named_pipe_and_does_not_wait_for_a_writer) {
  const StateDir folder;
  const auto pipe = folder.path() / "libpipe.so";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(refusal_of(plugin_at(pipe)), HasSubstr("is not a regular file"));
}

TEST(Loader, refuses_what_is_no_elf_file) {
  EXPECT_THAT(refusal_of_changed([](std::string& bytes) { bytes = "#!/bin/sh\nexit 0\n"; }),
              HasSubstr("is not an ELF file"));
}

TEST(Loader, refuses_an_empty_file) {
  EXPECT_THAT(refusal_of_changed([](std::string& bytes) { bytes.clear(); }),
              HasSubstr("is not an ELF file"));
}

TEST(Loader, refuses_a_truncated_library_wherever_it_is_cut) {
  const std::size_t whole = read_file(misbehaving("well-behaved")).size();
  for (const std::size_t size :
       {std::size_t{10}, std::size_t{100}, whole / 4, whole / 2, whole - 1}) {
    EXPECT_THAT(refusal_of_changed([size](std::string& bytes) { bytes.resize(size); }),
                HasSubstr("is truncated"))
        << size;
  }
}

TEST(Loader, refuses_a_library_for_another_machine) {
  // e_machine, of which 0xF7 is BPF: nobody's host.
  EXPECT_THAT(refusal_of_changed([](std::string& bytes) { bytes[18] = static_cast<char>(0xF7); }),
              HasSubstr("is built for another machine (ELF machine 247)"));
}

TEST(Loader, refuses_a_program) {
  EXPECT_THAT(refusal_of_changed([](std::string& bytes) { bytes[16] = 2; }),  // e_type ET_EXEC
              HasSubstr("is an ELF file but no shared object"));
}

TEST(Loader, takes_a_library_with_the_configured_sum) {
  config::Plugin plugin = plugin_at(misbehaving("well-behaved"));
  plugin.sha256 = plugin::sha256_hex(read_file(plugin.file));
  EXPECT_EQ(refusal_of(plugin), "");
}

TEST(Loader, refuses_a_library_with_another_sum) {
  config::Plugin plugin = plugin_at(misbehaving("well-behaved"));
  plugin.sha256 = std::string(64, '0');
  EXPECT_THAT(refusal_of(plugin), HasSubstr("not the configured 000000"));
}

TEST(Loader, computes_the_sum_of_the_standard_s_example) {
  EXPECT_EQ(plugin::sha256_hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Loader, maps_a_copy_that_is_named_after_its_content) {
  const OneHandler handler(misbehaving("well-behaved"));
  const plugin::LoadedPlugin& loaded = handler.loaded();
  EXPECT_EQ(loaded.copy.filename().string(), loaded.sha256 + ".so");
  EXPECT_EQ(loaded.copy.parent_path().filename(), "loaded");
  EXPECT_EQ(read_file(loaded.copy), read_file(loaded.spec.file));
}

TEST(Loader, writes_a_damaged_copy_again) {
  const StateDir state;
  const plugin::Loader loader = loader_in(state);
  const auto plugin = plugin_at(misbehaving("well-behaved"));
  const auto copy = state.path() / "loaded" / (plugin::sha256_hex(read_file(plugin.file)) + ".so");
  std::filesystem::create_directories(copy.parent_path());
  write_file(copy, "damaged");
  loader.load(plugin);
  EXPECT_EQ(read_file(copy), read_file(plugin.file));
}

TEST(Loader, says_what_to_do_when_it_can_not_write_the_copy) {
  const StateDir state;
  write_file(state.path() / "loaded", "a file where the folder should be");
  try {
    loader_in(state).load(plugin_at(misbehaving("well-behaved")));
    FAIL() << "was loaded";
  } catch (const plugin::LoadError& error) {
    EXPECT_THAT(error.what(), HasSubstr("let this user write to state_dir"));
  }
}

// What happens to the file of a library that is loaded.
struct Mishap {
  const char* name;
  void (*happens)(const std::filesystem::path&);
};
void PrintTo(const Mishap& mishap, std::ostream* out) { *out << mishap.name; }

class LoadedFile : public testing::TestWithParam<Mishap> {};

TEST_P(LoadedFile, does_not_disturb_the_running_host) {
  const StateDir folder;
  const auto file = folder.path() / "libplugin.so";
  std::filesystem::copy_file(misbehaving("throws-in-handle"), file);
  OneHandler handler(file);
  GetParam().happens(file);
  EXPECT_EQ(handler.deliver(), "retry: handler threw: thrown in handle [exception]");
}

const Mishap kMishaps[] = {
    {"truncated", [](const std::filesystem::path& file) { std::filesystem::resize_file(file, 0); }},
    {"deleted", [](const std::filesystem::path& file) { std::filesystem::remove(file); }},
    {"overwritten",
     [](const std::filesystem::path& file) {
       write_file(file, std::string(std::filesystem::file_size(file), 'x'));
     }},
};
std::string name_of(const testing::TestParamInfo<Mishap>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(When, LoadedFile, testing::ValuesIn(kMishaps), name_of);

TEST(Loader, loads_and_runs_a_plugin_in_plain_c) {
  config::Route route;
  route.name = "c-route";
  route.settings["max_bytes"].value = std::int64_t{3};
  OneHandler handler(GANTRY_TEST_PLAIN_C, route);
  EXPECT_EQ(handler.deliver("123"), "ok");
  EXPECT_EQ(handler.deliver("1234"), "reject: too large");
}

TEST(Loader, reads_what_a_library_offers) {
  const StateDir state;
  const auto spec = loader_in(state).load(plugin_at(GANTRY_TEST_PLAIN_C)).spec;
  EXPECT_EQ(spec.name, "audit-in-c");
  ASSERT_EQ(spec.handlers.size(), 1u);
  const config::HandlerSpec& handler = spec.handlers[0];
  EXPECT_EQ(handler.id, "audit-in-c");
  EXPECT_EQ(handler.plugin, "audit-in-c");
  ASSERT_EQ(handler.options.size(), 1u);
  EXPECT_EQ(handler.options[0].type, config::OptionType::integer);
  EXPECT_EQ(handler.options[0].fallback, "65536");
  EXPECT_EQ(handler.options[0].allowed, "1..1048576");
}

config::Config config_of(const std::vector<std::filesystem::path>& files) {
  config::Config config;
  for (const auto& file : files) config.plugins.push_back(plugin_at(file));
  return config;
}

TEST(Plugins, find_the_handler_of_an_id) {
  const StateDir state;
  config::Problems problems;
  const plugin::Plugins plugins(config_of({misbehaving("well-behaved"), GANTRY_TEST_PLAIN_C}),
                                loader_in(state), problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(plugins.find("audit-in-c").plugin->spec.name, "audit-in-c");
  EXPECT_FALSE(plugins.find("nobody"));
  EXPECT_EQ(plugins.catalog().size(), 2u);
}

TEST(Plugins, name_both_libraries_that_have_one_handler) {
  const StateDir state;
  config::Problems problems;
  const plugin::Plugins plugins(config_of({misbehaving("well-behaved"), misbehaving("hangs")}),
                                loader_in(state), problems);
  ASSERT_EQ(problems.size(), 2u);  // the plugin's name and the handler's id
  EXPECT_THAT(problems[1].message,
              testing::AllOf(HasSubstr("handler 'misbehaving'"), HasSubstr("libhangs.so"),
                             HasSubstr("libwell-behaved.so")));
}

TEST(Plugins, go_on_after_a_library_that_is_refused) {
  const StateDir state;
  config::Problems problems;
  const plugin::Plugins plugins(config_of({misbehaving("no-entry"), misbehaving("well-behaved")}),
                                loader_in(state), problems);
  EXPECT_EQ(problems.size(), 1u);
  EXPECT_TRUE(plugins.find("misbehaving"));
}

}  // namespace
}  // namespace gantry::test
