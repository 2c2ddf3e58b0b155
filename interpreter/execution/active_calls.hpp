// The calls that led to a place, as call stacks show them.
//
// The frames of a flow are a chain on its native stack, and so are its calls of native code. Looking is all that
// happens here - nothing is allocated - so errors, reports of panics and signal handlers read them with the same eyes.
#pragma once

#include "interpreter/execution/code.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/values/opaque.hpp"

namespace duso::execution {

// Shows the active calls of functions from [innermost] (may be null) outwards to [visit], until that returns false.
// A function that native code called has no place of its own to be called from. It is shown at the call of that native
// code, which is looked for from [native] outwards; without [native] it is left out, as the stacks of errors do.
template <class Visit>
void for_each_active_call(const Frame* innermost, const NativeSite* native, const Visit& visit) {
  for (const Frame* frame = innermost; frame != nullptr; frame = frame->caller) {
    // Who loads a module is no caller of what goes on in there: the error of the module says who it was.
    if (native == nullptr && frame->code->is_top_level && !frame->code->is_included) return;
    const bool is_function = frame->code->definition != nullptr;
    const Position* call_site = frame->call_site;
    if (is_function && call_site == nullptr) {
      while (native != nullptr && &native->frame() != frame->caller) native = native->outer();
      if (native != nullptr) call_site = native->position();
    }
    if (!is_function || call_site == nullptr) continue;
    if (!visit(TraceEntry{&frame->code->name, frame->code->source, *call_site})) return;
  }
}

}  // namespace duso::execution
