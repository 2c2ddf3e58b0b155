// Calls that take no native stack.
//
// A recursive-descent parser recurses as deep as its input is nested. Scripts are parsed on stacks of a few hundred
// kilobytes, in unoptimised builds under sanitizers too, where an ordinary call chain of one level of nesting can take
// kilobytes: a thousand opening parentheses would end the process. So the parser's recursive functions are coroutines.
// They are written and read like ordinary functions, with `co_await` before a call and `co_return` for `return`, but
// their frames live on the heap, and the native stack stays as deep as one of them is:
//
//     DeepCall<int> depth(const Tree& tree) {
//       int deepest = 0;
//       for (const Tree& child : tree.children) deepest = std::max(deepest, co_await depth(child));
//       co_return deepest + 1;
//     }
//     int result = run_deep(depth(tree));
//
// A call does not resume the coroutine it calls. It names it as the next one to run and suspends; the loop in
// `run_deep` resumes it, and later, when it has returned, its caller. (Symmetric transfer would do the same without a
// loop, but only in builds that optimise tail calls.) A call costs about 20 ns, most of it for the frame.
//
// As in any coroutine, parameters taken by reference must outlive the call: `co_await f(temporary)` is fine, storing
// the DeepCall and awaiting it later is not. An exception travels from frame to frame like a result.
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace duso::syntax {

// The running chain of calls: whom the loop resumes next. Null when the outermost call has returned.
struct DeepCallChain {
  std::coroutine_handle<> next;
};

// A call that will return a T, which must be default-constructible.
template <typename T>
class [[nodiscard]] DeepCall {
 public:
  struct promise_type;  // NOLINT(readability-identifier-naming): the name is the language's
  using Handle = std::coroutine_handle<promise_type>;

  explicit DeepCall(Handle frame) : frame_(frame) {}
  DeepCall(DeepCall&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  DeepCall& operator=(DeepCall&&) = delete;
  ~DeepCall() {
    if (frame_) frame_.destroy();
  }

  bool await_ready() const noexcept { return false; }

  template <typename CallerPromise>
  void await_suspend(std::coroutine_handle<CallerPromise> caller) noexcept {
    start(caller.promise().chain, caller);
  }

  T await_resume() {
    if (frame_.promise().failure) std::rethrow_exception(frame_.promise().failure);
    return std::move(frame_.promise().result);
  }

 private:
  template <typename Result>
  friend Result run_deep(DeepCall<Result> call);

  // Makes this call the next one to run in [chain]; [caller] goes on when it has returned.
  void start(DeepCallChain* chain, std::coroutine_handle<> caller) noexcept {
    frame_.promise().chain = chain;
    frame_.promise().caller = caller;
    chain->next = frame_;
  }

  Handle frame_;
};

template <typename T>
struct DeepCall<T>::promise_type {  // NOLINT(readability-identifier-naming)
  struct Return {
    bool await_ready() const noexcept { return false; }
    void await_suspend(Handle frame) const noexcept { frame.promise().chain->next = frame.promise().caller; }
    void await_resume() const noexcept {}
  };

  DeepCall get_return_object() { return DeepCall(Handle::from_promise(*this)); }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  Return final_suspend() const noexcept { return {}; }
  void return_value(T value) { result = std::move(value); }
  void unhandled_exception() { failure = std::current_exception(); }

  DeepCallChain* chain = nullptr;
  std::coroutine_handle<> caller;
  std::exception_ptr failure;
  T result{};
};

// Runs [call] and everything it calls to the end. Returns its result or throws what it threw.
template <typename T>
T run_deep(DeepCall<T> call) {
  DeepCallChain chain;
  call.start(&chain, nullptr);
  while (chain.next) chain.next.resume();
  return call.await_resume();
}

}  // namespace duso::syntax
