// Which sanitizers this build has, asked the same way of both compilers.
//
// The two macros are always defined, as 0 or 1, because the sanitizers' own headers may only be included with them.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define DUSO_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DUSO_ADDRESS_SANITIZER 1
#endif
#endif

#if defined(__SANITIZE_THREAD__)
#define DUSO_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DUSO_THREAD_SANITIZER 1
#endif
#endif

#ifndef DUSO_ADDRESS_SANITIZER
#define DUSO_ADDRESS_SANITIZER 0
#endif
#ifndef DUSO_THREAD_SANITIZER
#define DUSO_THREAD_SANITIZER 0
#endif
