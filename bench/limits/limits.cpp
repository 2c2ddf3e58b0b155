// What the machine can do when no interpreter stands in the way: the loops of some workloads in C++, copies of memory,
// and JSON through simdjson. It tells how much of a workload's time is the machine's and how much is ours.
//
//     c++ -O2 -std=c++17 -o limits limits.cpp                          loops and copies
//     c++ -O2 -std=c++17 -DHAVE_SIMDJSON -o limits limits.cpp -lsimdjson && ./limits document.json
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>
#ifdef HAVE_SIMDJSON
#include <simdjson.h>
#endif

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
template <class F>
static void timed(const char* name, F f) {
  double best = 1e9, v = 0;
  for (int i = 0; i < 5; i++) {
    double t = now();
    v = f();
    best = std::min(best, now() - t);
  }
  std::printf("%-34s %9.4f s   (check %.0f)\n", name, best, v);
}

__attribute__((noinline)) static double fib(double n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

struct Node {
  Node *l, *r;
};
static Node* build(int d) { return new Node{d ? build(d - 1) : nullptr, d ? build(d - 1) : nullptr}; }
static long count(Node* t) {
  long c = 1 + (t->l ? count(t->l) + count(t->r) : 0);
  return c;
}
static void drop(Node* t) {
  if (t->l) {
    drop(t->l);
    drop(t->r);
  }
  delete t;
}

int main(int argc, char** argv) {
  volatile int vn = 3500;
  timed("loop_nested 3500 (doubles, fmod)", [&] {
    double s = 0;
    double n = vn;
    for (double i = 1; i <= n; i++)
      for (double j = 1; j <= n; j++) s += std::fmod(i * j, 7);
    return s;
  });
  timed("loop_nested 3500 (integers)", [&] {
    int64_t s = 0, n = vn;
    for (int64_t i = 1; i <= n; i++)
      for (int64_t j = 1; j <= n; j++) s += (i * j) % 7;
    return (double)s;
  });
  timed("fib_recursive 31 (doubles)", [] {
    volatile double n = 31;
    return fib(n);
  });
  timed("mandelbrot 300", [] {
    volatile int vm = 300;
    int n = vm;
    long inside = 0, steps = 0;
    for (int py = 0; py < n; py++)
      for (int px = 0; px < n; px++) {
        double ci = 2.0 * py / n - 1, cr = 2.0 * px / n - 1.5, zr = 0, zi = 0;
        int k = 0;
        while (k < 50 && zr * zr + zi * zi <= 4) {
          double t = zr * zr - zi * zi + cr;
          zi = 2 * zr * zi + ci;
          zr = t;
          k++;
        }
        steps += k;
        inside += k == 50;
      }
    return (double)(steps * 10 + inside);
  });
  timed("sort_numbers 600000 (std::sort)", [] {
    std::vector<double> a;
    double x = 42;
    for (int i = 0; i < 600000; i++) {
      x = std::fmod(x * 16807, 2147483647);
      a.push_back(x);
    }
    std::sort(a.begin(), a.end());
    double s = 0;
    for (size_t i = 0; i < a.size(); i += 97) s = std::fmod(s + a[i] * (double)(i % 11), 1000000007);
    return s;
  });
  timed("binary_trees 16 (malloc and free)", [] {
    int n = 16;
    Node* keep = build(n);
    long total = 0;
    for (int d = 4; d <= n; d += 2)
      for (int r = 0; r < 1 << (n - d); r++) {
        Node* t = build(d);
        total += count(t);
        drop(t);
      }
    total += count(keep);
    drop(keep);
    return (double)total;
  });
  timed("props_dynamic 2000000 (hash map)", [] {
    std::unordered_map<std::string, double> m;
    for (int i = 1; i <= 2000000; i++) m["k" + std::to_string(i * 13L % 700)] += i % 7;
    double s = 0;
    for (auto& p : m) s += p.second;
    return s * 1000 + (double)m.size();
  });
  {
    size_t n = 256u << 20;
    std::vector<char> a(n, 1), b(n, 2);
    double best = 1e9;
    for (int i = 0; i < 5; i++) {
      double t = now();
      std::memcpy(b.data(), a.data(), n);
      best = std::min(best, now() - t);
    }
    std::printf("memcpy 256 MB                      %9.2f GB/s\n", (double)n / best / 1e9);
    n = 1u << 20;
    best = 1e9;
    for (int i = 0; i < 50; i++) {
      double t = now();
      std::memcpy(b.data(), a.data(), n);
      best = std::min(best, now() - t);
    }
    std::printf("memcpy 1 MB (in cache)             %9.2f GB/s\n", (double)n / best / 1e9);
  }
#ifdef HAVE_SIMDJSON
  if (argc > 1) {
    auto text = simdjson::padded_string::load(argv[1]).value();
    simdjson::dom::parser p;
    double best = 1e9;
    double v = 0;
    for (int i = 0; i < 7; i++) {
      double t = now();
      simdjson::dom::element d = p.parse(text);
      best = std::min(best, now() - t);
      v = 0;
      for (simdjson::dom::element r : d["records"].get_array())
        v += (double)(int64_t)r["id"] + (double)(int64_t)r["stats"]["views"];
    }
    std::printf("simdjson DOM parse, %.1f MB        %9.2f GB/s  %.4f s (check %.0f)\n", (double)text.size() / 1e6,
                (double)text.size() / best / 1e9, best, v);
    simdjson::ondemand::parser q;
    best = 1e9;
    for (int i = 0; i < 7; i++) {
      double t = now();
      v = 0;
      auto d = q.iterate(text);
      for (auto r : d["records"]) {
        v += (double)int64_t(r["id"]);
        v += (double)int64_t(r["stats"]["views"]);
      }
      best = std::min(best, now() - t);
    }
    std::printf("simdjson on-demand, two fields     %9.2f GB/s  %.4f s (check %.0f)\n",
                (double)text.size() / best / 1e9, best, v);
  }
#endif
  (void)argc;
  (void)argv;
}
