// uuid: identifiers that sort by the time they were made (RFC 9562, version 7).
//
// The first 48 bits are milliseconds, the 12 bits behind the version a counter that starts anywhere and goes up within
// a millisecond. Both together are one number that only ever grows, whichever thread asks: when the counter runs over,
// it carries into the milliseconds, which then run ahead of the clock for a moment. The rest is random.
#include "stdlib/builtins/uuid.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>

#include <sys/random.h>

#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

constexpr unsigned kCounterBits = 12;

// Milliseconds and counter of the last identifier.
std::atomic<std::uint64_t> last_moment{0};

struct RandomBits {
  std::uint64_t tail;
  std::uint16_t counter;
};

RandomBits random_bits() {
  RandomBits bits{};
  if (getentropy(&bits, sizeof bits) != 0) {
    std::random_device device;
    bits.tail = std::uint64_t{device()} << 32 | device();
    bits.counter = static_cast<std::uint16_t>(device());
  }
  return bits;
}

std::uint64_t next_moment(std::uint16_t random) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const auto now = duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  const std::uint64_t fresh = static_cast<std::uint64_t>(now) << kCounterBits | (random & ((1U << kCounterBits) - 1));
  std::uint64_t last = last_moment.load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  do {
    next = fresh >> kCounterBits > last >> kCounterBits ? fresh : last + 1;
  } while (!last_moment.compare_exchange_weak(last, next, std::memory_order_relaxed));
  return next;
}

// Writes the lowest [digits] hexadecimal digits of [bits].
char* write_hex(char* out, std::uint64_t bits, int digits) {
  while (digits-- > 0) *out++ = "0123456789abcdef"[bits >> (4 * digits) & 0xF];
  return out;
}

const BuiltinSpec kUuid{
    .name = "uuid",
    .returns = Type::kString,
    .summary =
        "A new universally unique identifier of version 7. Identifiers of one process sort as text in the order in "
        "which "
        "they were made.",
    .example = R"(print(len(uuid()), uuid() < uuid()) // 36 true)",
    .function = [](Call& call) -> Value { return call.string(make_uuid()); },
};

constexpr const BuiltinSpec* kUuids[] = {&kUuid};

}  // namespace

std::string make_uuid() {
  const RandomBits random = random_bits();
  const std::uint64_t moment = next_moment(random.counter);
  std::array<char, 36> text{};
  char* out = write_hex(text.data(), moment >> (kCounterBits + 16), 8);
  *out++ = '-';
  out = write_hex(out, moment >> kCounterBits, 4);
  *out++ = '-';
  out = write_hex(out, 0x7000 | (moment & 0xFFF), 4);
  *out++ = '-';
  out = write_hex(out, 0x8000 | (random.tail >> 48 & 0x3FFF), 4);
  *out++ = '-';
  write_hex(out, random.tail, 12);
  return {text.data(), text.size()};
}

Family uuid_builtins() { return kUuids; }

}  // namespace duso::stdlib
