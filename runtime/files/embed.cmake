# Makes the files of /EMBED/ part of the program.
#
#     cmake -DLIST=FILE -DOUTPUT=FOLDER -P embed.cmake
#
# LIST has a line for every file, its name, a tab and its path, sorted by name. The result is embedded_data.S, which takes the bytes in
# as they are, one file behind the other, and embedded_table.cpp, which says where each begins. An assembler reads a
# megabyte in no time; a compiler would have to read it as numbers.
file(STRINGS ${LIST} entries)

set(data "")
set(table "")
set(offset 0)
foreach(entry IN LISTS entries)
  string(FIND "${entry}" "\t" tab)
  string(SUBSTRING "${entry}" 0 ${tab} name)
  math(EXPR start "${tab} + 1")
  string(SUBSTRING "${entry}" ${start} -1 path)
  file(SIZE "${path}" size)
  string(APPEND data ".incbin \"${path}\"\n")
  string(APPEND table "    {\"${name}\", {duso_embedded_data + ${offset}, ${size}}},\n")
  math(EXPR offset "${offset} + ${size}")
endforeach()

file(WRITE ${OUTPUT}/embedded_data.S "\
.section .rodata
.globl duso_embedded_data
.hidden duso_embedded_data
.type duso_embedded_data, @object
duso_embedded_data:
${data}.byte 0
.size duso_embedded_data, . - duso_embedded_data
.section .note.GNU-stack,\"\",@progbits
")

file(WRITE ${OUTPUT}/embedded_table.cpp "\
#include \"runtime/files/embedded_files.hpp\"

extern \"C\" const char duso_embedded_data[];

namespace duso {

namespace {

const EmbeddedFile kFiles[] = {
${table}};

}  // namespace

std::span<const EmbeddedFile> built_in_files() { return kFiles; }

}  // namespace duso
")
