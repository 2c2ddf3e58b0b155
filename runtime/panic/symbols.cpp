#include "runtime/panic/symbols.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <sys/mman.h>
#include <sys/stat.h>

// The C++ library's own demangler without memory. Only the static library has it, hence weak.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" [[gnu::weak]] int __gcclibcxx_demangle_callback(const char* mangled,
                                                           void (*callback)(const char*, std::size_t, void*),
                                                           void* argument);

namespace duso::panic {

namespace {

// The object of type T at [offset] of [file], or null if it does not lie inside of it.
template <class T>
const T* object_at(std::string_view file, std::uint64_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T) || offset % alignof(T) != 0) return nullptr;
  return reinterpret_cast<const T*>(file.data() + offset);
}

// The section of [type] in the ELF file [file]; null if there is none that lies inside of the file.
const ElfW(Shdr) * section_of_type(std::string_view file, std::uint32_t type) {
  const auto* header = object_at<ElfW(Ehdr)>(file, 0);
  if (header == nullptr || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return nullptr;
  for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto* section = object_at<ElfW(Shdr)>(file, header->e_shoff + i * header->e_shentsize);
    if (section == nullptr || section->sh_type != type) continue;
    const bool lies_inside = section->sh_offset <= file.size() && section->sh_size <= file.size() - section->sh_offset;
    return lies_inside && section->sh_entsize == sizeof(ElfW(Sym)) ? section : nullptr;
  }
  return nullptr;
}

// The string that begins at [offset] of section [index]; null if it does not end inside of that.
const char* string_at(std::string_view file, std::uint32_t index, std::uint64_t offset) {
  const auto* header = object_at<ElfW(Ehdr)>(file, 0);
  const auto* section = object_at<ElfW(Shdr)>(file, header->e_shoff + std::uint64_t{index} * header->e_shentsize);
  if (section == nullptr || section->sh_offset > file.size() || offset >= section->sh_size) return nullptr;
  const std::string_view rest = file.substr(section->sh_offset, section->sh_size).substr(offset);
  return rest.find('\0') != std::string_view::npos ? &rest.front() : nullptr;
}

// Names longer than this, which templates can have, are cut.
constexpr std::size_t kLongestName = 1024;

struct NameBuffer {
  std::array<char, kLongestName> text;
  std::size_t size = 0;

  static void append(const char* piece, std::size_t size, void* buffer) {
    auto* name = static_cast<NameBuffer*>(buffer);
    const std::size_t count = std::min(size, kLongestName - name->size);
    std::copy_n(piece, count, name->text.data() + name->size);
    name->size += count;
  }
};

const char* last_part(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash != nullptr ? slash + 1 : path;
}

}  // namespace

std::string_view without_parameters(std::string_view name) {
  static constexpr std::string_view kAnonymous = "(anonymous namespace)";
  static constexpr std::string_view kCallOperator = "operator()";
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i).starts_with(kAnonymous)) {
      i += kAnonymous.size() - 1;
    } else if (name.substr(i).starts_with(kCallOperator)) {
      i += kCallOperator.size() - 1;
    } else if (name[i] == '<') {
      ++depth;
    } else if (name[i] == '>') {
      --depth;
    } else if (name[i] == '(' && depth == 0) {
      return name.substr(0, i);
    }
  }
  return name;
}

void Symbolizer::map(const char* path) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat status = {};
  if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* file = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (file != MAP_FAILED) file_ = {static_cast<const char*>(file), size};
  }
  close(descriptor);
}

void Symbolizer::unmap() {
  if (!file_.empty()) munmap(const_cast<char*>(file_.data()), file_.size());
  file_ = {};
}

Symbolizer::Symbol Symbolizer::find(std::uint64_t address) const {
  const ElfW(Shdr)* section = section_of_type(file_, SHT_SYMTAB);
  if (section == nullptr) section = section_of_type(file_, SHT_DYNSYM);
  if (section == nullptr) return {};
  const std::uint64_t count = section->sh_size / sizeof(ElfW(Sym));
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto* symbol = object_at<ElfW(Sym)>(file_, section->sh_offset + i * sizeof(ElfW(Sym)));
    if (symbol == nullptr) return {};
    if ((symbol->st_info & 0xF) != STT_FUNC || symbol->st_shndx == SHN_UNDEF) continue;
    if (address - symbol->st_value < symbol->st_size) {
      return {string_at(file_, section->sh_link, symbol->st_name), symbol->st_value};
    }
  }
  return {};
}

void Symbolizer::write_name(TextSink& sink, std::uint64_t address, bool of_caller) {
  const std::uint64_t inside = of_caller ? address - 1 : address;
  dl_find_object found = {};
  if (_dl_find_object(reinterpret_cast<void*>(inside), &found) != 0) return sink.write("?");
  const link_map& module = *found.dlfo_link_map;
  const bool is_program = module.l_name == nullptr || *module.l_name == '\0';
  if (&module != module_) {
    unmap();
    map(is_program ? "/proc/self/exe" : module.l_name);
    module_ = &module;
  }
  const Symbol symbol = find(inside - module.l_addr);
  if (symbol.name == nullptr) {
    sink.write(is_program ? program_invocation_short_name : last_part(module.l_name));
  } else {
    write_function(sink, symbol.name);
  }
  sink.write("+");
  sink.write_hex(address - module.l_addr - symbol.address);
}

void Symbolizer::write_function(TextSink& sink, const char* name) const {
  if (demangling_ == Demangling::kFull) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> full(abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
    return sink.write(full != nullptr ? without_parameters(full.get()) : std::string_view(name));
  }
  NameBuffer buffer;
  // It takes stack, some fifty bytes for every one of the name.
  if (__gcclibcxx_demangle_callback != nullptr && std::strlen(name) < kLongestName &&
      __gcclibcxx_demangle_callback(name, NameBuffer::append, &buffer) == 0) {
    return sink.write(without_parameters({buffer.text.data(), buffer.size}));
  }
  sink.write(name);
}

}  // namespace duso::panic
