// Writes every page of the reference into a folder: `reference_pages FOLDER`. See scripts/reference.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "stdlib/reference/pages.hpp"

namespace {

bool write_page(const std::filesystem::path& folder, std::string_view name) {
  const std::filesystem::path path = folder / (std::string(name) + ".md");
  std::ofstream file(path, std::ios::binary);
  file << duso::stdlib::find_page(name).value();
  if (file.flush()) return true;
  std::cerr << "cannot write " << path.string() << '\n';
  return false;
}

}  // namespace

int main(int argument_count, char** arguments) {
  using namespace duso::stdlib;
  if (argument_count != 2) {
    std::cerr << "usage: reference_pages FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  bool written = true;
  for (const std::string_view name : page_names()) written &= write_page(folder, name);
  return written ? 0 : 1;
}
