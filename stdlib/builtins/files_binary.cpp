// Files as bytes: load_binary, save_binary, and the same for images, load_image and save_image.
//
// An image is a binary that knows its size and format. Their errors name the functions for binaries, which is what they
// are (markdown-and-images.md, part 2).
#include <memory>
#include <string>
#include <utility>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "runtime/images/image_header.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/files_call.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

void set_metadata(const Call& call, Object* metadata, std::string_view name, Owned value) {
  set_property(call.heap(), metadata, call.instance().engine().names().intern(name), value.take());
}

void add_image_metadata(const Call& call, Object* metadata, const ImageHeader& header) {
  set_metadata(call, metadata, "width", Owned(Value(static_cast<double>(header.width))));
  set_metadata(call, metadata, "height", Owned(Value(static_cast<double>(header.height))));
  set_metadata(call, metadata, "format", Owned(call.string(header.format)));
  set_metadata(call, metadata, "content_type", Owned(call.string("image/" + std::string(header.format))));
}

// The file that the first argument names; [is_image]: described as an image if it is one.
Value load_bytes(Call& call, bool is_image) {
  const std::optional<std::string> path = filename_argument(call, 0);
  if (!path) return call.raise("load_binary() requires a filename argument");
  const std::size_t limit = call.heap().limit();
  Result<std::string> bytes = files_of(call).read(locate(call, *path), limit == 0 ? Files::kNoLimit : limit);
  if (!bytes.ok()) return raise_failure(call, quoted("cannot load_binary", *path), bytes.error());
  Owned metadata(Value(new_object(call.heap(), call.instance().engine().shapes())));
  set_metadata(call, metadata.get().object(), "filename", Owned(call.string(*path)));
  if (is_image) {
    if (const auto header = read_image_header(bytes.value())) {
      add_image_metadata(call, metadata.get().object(), *header);
    }
  }
  auto shared = std::make_shared<const std::string>(std::move(bytes.value()));
  return Value::other(new_binary(call.heap(), std::move(shared), metadata.take()));
}

const BuiltinSpec kLoadBinary{
    .name = "load_binary",
    .parameters = {{"filename", Type::kString}},
    .returns = Type::kBinary,
    .may_suspend = true,
    .errors = {"load_binary() requires a filename argument", "cannot load_binary '{filename}': {cause}",
               "filesystem access disabled by -no-files"},
    .summary =
        "The bytes of a file as a binary, which has the path as its property `filename`. Paths are those of `load`; "
        "raises an error if the file can not be read.",
    .example = R"(save("/STORE/data", "abc")
print(load_binary("/STORE/data")) // <binary: /STORE/data (3 bytes)>)",
    .function = [](Call& call) { return load_bytes(call, false); },
};

const BuiltinSpec kLoadImage{
    .name = "load_image",
    .parameters = {{"filename", Type::kString}},
    .returns = Type::kBinary,
    .may_suspend = true,
    .errors = {"load_binary() requires a filename argument", "cannot load_binary '{filename}': {cause}",
               "filesystem access disabled by -no-files"},
    .summary =
        "Like `load_binary`. If the file is a PNG, JPEG or GIF image, the binary also has the properties `width`, "
        "`height`, `format` and `content_type`.",
    .example = R"(dot = decode_base64("R0lGODlhAgABAIAAAAAAAP///w==", "binary")
save_binary(dot, "/STORE/dot.gif")
image = load_image("/STORE/dot.gif")
print(image.format, image.width, image.height) // gif 2 1)",
    .function = [](Call& call) { return load_bytes(call, true); },
};

Value save_bytes(Call& call) {
  const Value binary = call.argument(0);
  if (!binary.is(HeapType::kBinary)) return call.raise("save_binary() requires a binary value as first argument");
  const Value name = call.argument(1);
  if (!name.is_string() && !name.is_number()) return call.raise("save_binary() requires filename argument");
  const DisplayText path(name);
  const std::shared_ptr<const std::string> bytes = as_binary(binary)->payload->bytes;
  const Result<Done> written = files_of(call).write(locate(call, path.view()), *bytes, WriteMode::kReplace);
  if (!written.ok()) return raise_failure(call, quoted("cannot save_binary", path.view()), written.error());
  return Value::nil();
}

const BuiltinSpec kSaveBinary{
    .name = "save_binary",
    .parameters = {{"binary", Type::kBinary}, {"filename", Type::kString | Type::kNumber}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"save_binary() requires a binary value as first argument", "save_binary() requires filename argument",
               "cannot save_binary '{filename}': {cause}", "filesystem access disabled by -no-files"},
    .summary = "Writes the bytes of a binary to a file, replacing what was in it. The directory must exist.",
    .example = R"(save_binary(decode_base64("aGk=", "binary"), "/STORE/hi")
print(load("/STORE/hi")) // hi)",
    .function = save_bytes,
};

const BuiltinSpec kSaveImage{
    .name = "save_image",
    .parameters = {{"image", Type::kBinary}, {"filename", Type::kString | Type::kNumber}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"save_binary() requires a binary value as first argument", "save_binary() requires filename argument",
               "cannot save_binary '{filename}': {cause}", "filesystem access disabled by -no-files"},
    .summary = "Writes an image to a file as it is. The name of the file does not change the format of the image.",
    .example = R"(dot = decode_base64("R0lGODlhAgABAIAAAAAAAP///w==", "binary")
save_image(dot, "/STORE/dot.gif")
print(load_image("/STORE/dot.gif").format) // gif)",
    .function = save_bytes,
};

constexpr const BuiltinSpec* kBinaries[] = {&kLoadBinary, &kSaveBinary, &kLoadImage, &kSaveImage};

}  // namespace

Family binary_file_builtins() { return kBinaries; }

}  // namespace duso::stdlib
