// Decides when to print, and what.
#include "print/sign_of_life.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "arguments/arguments.h"
#include "hillock/text.h"
#include "print/output.h"
#include "print/progress.h"
#include "print/terminal.h"

namespace hillock::program {
namespace {

constexpr double kRedrawSeconds = 1;

double least_silence() {
  constexpr double kSeconds = 5;
  const char* given = std::getenv("HILLOCK_TELL_EVERY");
  return given == nullptr ? kSeconds : std::max(0.01, to_number(given).value_or(kSeconds));
}

}  // namespace

double longest_silence(double seconds) {
  constexpr double kShare = 0.05, kMost = 60;
  static const double least = least_silence();
  return std::max(least, std::min(kShare * seconds, kMost));
}

std::string reading(const std::string& data) {
  return fmt::format("reading {}", data == "-" ? "stdin" : printable(data));
}

SignOfLife::SignOfLife(bool quiet) : terminal_(is_terminal(stderr)) {
  if (quiet) return;
  try {
    teller_ = std::thread([this] { watch_clock(); });
  } catch (const std::system_error&) {  // no thread could be started: the run continues without these lines
  }
}

SignOfLife::~SignOfLife() {
  rest();
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_one();
  if (teller_.joinable()) teller_.join();
}

void SignOfLife::doing(std::string what, bool has_bar) {
  const std::lock_guard lock(mutex_);
  clear();
  what_ = std::move(what);
  has_bar_ = has_bar;
  epochs_.store(0, std::memory_order_relaxed);
  rows_.store(0, std::memory_order_relaxed);
  began_ = Clock::now();
}

void SignOfLife::at(std::int64_t epoch, std::int64_t epochs, std::int64_t step, std::int64_t steps) {
  epoch_.store(epoch, std::memory_order_relaxed);
  step_.store(step, std::memory_order_relaxed);
  steps_.store(steps, std::memory_order_relaxed);
  epochs_.store(epochs, std::memory_order_relaxed);
}

void SignOfLife::told() {
  const std::lock_guard lock(mutex_);
  told_ = Clock::now();
}

std::string SignOfLife::line(Clock::time_point now) const {
  std::string text = what_;
  if (const std::int64_t epochs = epochs_.load(std::memory_order_relaxed); epochs > 0) {
    text += fmt::format(", epoch {}/{}, step {} of {}", epoch_.load(std::memory_order_relaxed), epochs,
                        step_.load(std::memory_order_relaxed), steps_.load(std::memory_order_relaxed));
  }
  if (const std::int64_t rows = rows_.load(std::memory_order_relaxed); rows > 0) text += fmt::format(", {} rows", rows);
  return text + fmt::format(": {} so far", duration(std::chrono::duration<double>(now - began_).count()));
}

void SignOfLife::clear() {
  if (drawn_) write_to(stderr, "\r\x1b[K");
  drawn_ = false;
}

void SignOfLife::watch_clock() {
  const auto seconds = [](Clock::duration time) { return std::chrono::duration<double>(time).count(); };
  const std::chrono::duration<double> look(std::min(0.25, longest_silence(0) / 4));
  std::unique_lock lock(mutex_);
  while (!over_.wait_for(lock, look, [this] { return is_over_; })) {
    const Clock::time_point now = Clock::now();
    const double silence = seconds(now - (terminal_ ? std::max(told_, began_) : told_));
    if (what_.empty() || (terminal_ && has_bar_)) continue;
    if (silence < (terminal_ ? kRedrawSeconds : longest_silence(seconds(now - start_)))) continue;
    if (terminal_) {
      print_to(stderr, "\r\x1b[K{}", shortened(line(now), terminal_size(stderr).columns - 1));
      drawn_ = true;
    } else {
      print_to(stderr, "{}\n", line(now));
    }
    std::fflush(stderr);
    told_ = now;
  }
}

}  // namespace hillock::program
