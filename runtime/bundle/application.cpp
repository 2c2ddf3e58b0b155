#include "runtime/bundle/application.hpp"

namespace duso::bundle {

Result<Application, std::string> Application::open() {
  Result<FileMapping> mapped = FileMapping::open("/proc/self/exe");
  if (!mapped.ok()) return mapped.error().cause();
  const Result<ArchiveParts, std::string> parts = find_archive(mapped.value().bytes());
  if (!parts.ok()) return parts.error();
  Result<Archive, std::string> archive = read_archive(parts.value());
  if (!archive.ok()) return archive.error();
  mapped.value().forget_pages();  // the checksum has looked at all of them
  add_program_files(std::move(archive.value().files));
  return Application(std::move(mapped.value()), std::move(archive.value().description));
}

}  // namespace duso::bundle
