#include "plugin/elf.hpp"

#include <elf.h>
#include <link.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace gantry::plugin {
namespace {

using FileHeader = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Entry = ElfW(Dyn);

constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char kOrder =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
constexpr const char* kMachineName = "x86-64";
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
constexpr const char* kMachineName = "aarch64";
#elif defined(__riscv)
constexpr unsigned kMachine = EM_RISCV;
constexpr const char* kMachineName = "riscv";
#elif defined(__powerpc64__)
constexpr unsigned kMachine = EM_PPC64;
constexpr const char* kMachineName = "ppc64";
#elif defined(__s390x__)
constexpr unsigned kMachine = EM_S390;
constexpr const char* kMachineName = "s390x";
#else
#error "name this machine's ELF number here"
#endif

constexpr const char* kCopyAgain =
    "install it again: copy to another name in the same folder, then rename";

// Reads at any alignment; false where the bytes end before.
template <class T>
bool read_at(std::string_view bytes, std::uint64_t offset, T& out) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return false;
  std::memcpy(&out, bytes.data() + offset, sizeof(T));
  return true;
}

bool lies_within(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  return offset <= bytes.size() && size <= bytes.size() - offset;
}

Fault truncated(std::string_view bytes) {
  return {"is truncated: its headers name more than its " + std::to_string(bytes.size()) + " bytes",
          kCopyAgain};
}

std::optional<Fault> check_kind(const FileHeader& header) {
  if (header.e_ident[EI_CLASS] != kClass || header.e_ident[EI_DATA] != kOrder ||
      header.e_machine != kMachine) {
    return Fault{"is built for another machine (ELF machine " + std::to_string(header.e_machine) +
                     "); this host is " + kMachineName,
                 std::string("build or install it for ") + kMachineName};
  }
  if (header.e_type != ET_DYN) {
    return Fault{"is an ELF file but no shared object", "build it with gantry_add_plugin()"};
  }
  return std::nullopt;
}

// A virtual address as an offset in the file, as the loader would map it.
std::optional<std::uint64_t> file_offset(const std::vector<Segment>& segments,
                                         std::uint64_t address) {
  for (const Segment& segment : segments) {
    if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
        address - segment.p_vaddr < segment.p_filesz) {
      return segment.p_offset + (address - segment.p_vaddr);
    }
  }
  return std::nullopt;
}

struct Dynamic {
  std::optional<std::uint64_t> strings;  // address of the string table
  std::vector<std::uint64_t> search;     // RPATH and RUNPATH, as places in it
};

Dynamic read_dynamic(std::string_view bytes, const Segment& segment) {
  Dynamic found;
  for (std::uint64_t at = 0; at + sizeof(Entry) <= segment.p_filesz; at += sizeof(Entry)) {
    Entry entry;
    if (!read_at(bytes, segment.p_offset + at, entry) || entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_STRTAB) found.strings = entry.d_un.d_ptr;
    if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH) {
      found.search.push_back(entry.d_un.d_val);
    }
  }
  return found;
}

std::optional<Fault> check_search_path(std::string_view bytes, const std::vector<Segment>& segments,
                                       const Segment& dynamic) {
  const Dynamic entries = read_dynamic(bytes, dynamic);
  for (const std::uint64_t place : entries.search) {
    const auto at =
        entries.strings ? file_offset(segments, *entries.strings + place) : std::nullopt;
    if (!at || *at >= bytes.size()) return truncated(bytes);
    std::string_view path = bytes.substr(*at);
    path = path.substr(0, path.find('\0'));
    if (path.find("$ORIGIN") == std::string_view::npos &&
        path.find("${ORIGIN}") == std::string_view::npos) {
      continue;
    }
    return Fault{"has the RUNPATH '" + std::string(path) +
                     "', which can't work: the host loads a private copy, so that $ORIGIN is not "
                     "the folder it was installed in",
                 "link what it needs statically, or install that where the system looks, and build "
                 "without $ORIGIN (gantry_add_plugin() sets no RUNPATH)"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Fault> find_elf_fault(std::string_view bytes) {
  if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    return Fault{"is not an ELF file, so not a shared library",
                 "name the built lib….so in `library`"};
  }
  FileHeader header;
  if (!read_at(bytes, 0, header)) return truncated(bytes);
  if (auto fault = check_kind(header)) return fault;
  if (header.e_shoff != 0 &&
      !lies_within(bytes, header.e_shoff, std::uint64_t{header.e_shentsize} * header.e_shnum)) {
    return truncated(bytes);
  }
  std::vector<Segment> segments(header.e_phnum);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (header.e_phentsize < sizeof(Segment) ||
        !read_at(bytes, header.e_phoff + i * header.e_phentsize, segments[i]) ||
        !lies_within(bytes, segments[i].p_offset, segments[i].p_filesz)) {
      return truncated(bytes);
    }
  }
  for (const Segment& segment : segments) {
    if (segment.p_type == PT_DYNAMIC) return check_search_path(bytes, segments, segment);
  }
  return Fault{"has no dynamic section, so it is no shared library",
               "build it with gantry_add_plugin()"};
}

}  // namespace gantry::plugin
