// The input of the console in the hands of a line editor.
//
// A line editor reads keys, and it has drawn something on the terminal that it will go on drawing: a prompt, and the
// line so far. So while it works, it has the console's input for itself, and what others write - tasks that run in the
// background - makes way for its line and has it drawn again below.
//
// Keys that came before, and keys that it leaves, are in the console's own buffer: what was typed ahead is the next
// line of whoever reads next.
#pragma once

#include <functional>
#include <optional>

namespace duso {

class Console;

class InputClaim {
 public:
  // Takes the input of [console], whose standard error is the terminal that is drawn on, and begins a new line there if
  // the last one was not ended. As long as the claim exists, every Console::read_line(), also one that is waiting,
  // reports the end of the input. [on_output] is called by read_byte() when something else was written: the cursor is
  // at the beginning of an empty line then.
  InputClaim(Console& console, std::function<void()> on_output);
  ~InputClaim();
  InputClaim(const InputClaim&) = delete;
  InputClaim& operator=(const InputClaim&) = delete;

  // The next byte that is typed, waiting for it; nothing at the end of the input or after Console::stop_reading().
  std::optional<char> read_byte();

 private:
  friend class Console;

  // Something is about to be written. The console's output_mutex_ is held.
  void make_way();
  void return_to_line();
  bool fill();

  Console& console_;
  const std::function<void()> on_output_;
  const int output_came_;  // an event descriptor that becomes readable when something else was written
  bool made_way_ = false;  // guarded by the console's output_mutex_
};

}  // namespace duso
