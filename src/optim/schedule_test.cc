// One-cycle, exponential and on-plateau schedules, compared with PyTorch's figures (scripts/make_menu_oracles.py);
// schedules by name.
#include <gtest/gtest.h>

#include "hillock/error.h"
#include "hillock/optim.h"
#include "tests/golden.h"

namespace hillock {
namespace {

void expect_factors(const Schedule& schedule, const nlohmann::json& expected) {
  const auto total = static_cast<std::int64_t>(expected.size());
  for (std::int64_t step = 1; step <= total; ++step) {
    EXPECT_NEAR(schedule.factor(step, total), expected[static_cast<std::size_t>(step - 1)].get<double>(), 1e-14)
        << step;
  }
}

TEST(ScheduleMenu, OneCycleIsPyTorchs) {
  const nlohmann::json golden = read_golden("menus.json")["schedules"];
  expect_factors({.kind = Schedule::Kind::one_cycle}, golden["one_cycle_40"]);
  expect_factors({.kind = Schedule::Kind::one_cycle}, golden["one_cycle_7"]);
}

TEST(ScheduleMenu, ExponentialIsPyTorchs) {
  expect_factors({.kind = Schedule::Kind::exponential},
                 read_golden("menus.json")["schedules"]["exponential_30_to_0.01"]);
}

// The rate of an epoch depends on the losses of the epochs before it.
void expect_plateau(const Schedule& schedule, const nlohmann::json& losses, const nlohmann::json& rates) {
  Plateau plateau(schedule);
  for (std::size_t epoch = 0; epoch < losses.size(); ++epoch) {
    EXPECT_NEAR(plateau.factor() / rates[epoch].get<double>(), 1, 1e-14) << epoch;
    plateau.observe(losses[epoch].get<double>());
  }
}

TEST(ScheduleMenu, OnPlateauIsPyTorchs) {
  const nlohmann::json golden = read_golden("menus.json")["schedules"];
  expect_plateau(schedule_from_name("on-plateau 0.5 3"), golden["plateau_losses"], golden["plateau_0.5_3"]);
  expect_plateau(schedule_from_name("on-plateau"), golden["plateau_losses"], golden["plateau"]);
}

TEST(ScheduleMenu, StaysInBoundsForShortRuns) {
  for (const nn::NameAndSummary& named : schedules()) {
    const Schedule schedule = schedule_from_name(named.name);
    for (std::int64_t total = 1; total <= 8; ++total) {
      for (std::int64_t step = 1; step <= total; ++step) {
        const double factor = schedule.factor(step, total);
        EXPECT_GE(factor, 0) << named.name << " " << step << "/" << total;
        EXPECT_LE(factor, 1) << named.name << " " << step << "/" << total;
      }
    }
  }
}

TEST(ScheduleMenu, ReadsNumbersAndRefusesWithOneLine) {
  EXPECT_EQ(schedule_from_name("exponential 0.5").exponential_end, 0.5);
  EXPECT_EQ(schedule_from_name("on-plateau 0.2").plateau_factor, 0.2);
  EXPECT_EQ(schedule_from_name("on-plateau 0.2 4").plateau_patience, 4);
  const auto message = [](const char* text) {
    try {
      schedule_from_name(text);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message("cosine 2"), "schedule: \"cosine\" takes no number; leave out the rest");
  EXPECT_EQ(message("exponential 2"), "schedule: exponential 2 is out of range; give a factor above 0 and below 1");
  EXPECT_EQ(message("on-plateau 0.1 2.5"), "schedule: on-plateau waits 2.5 epochs; give a whole number of at least 0");
  EXPECT_EQ(message("on-plateau 0.1 2 3"), "schedule: \"on-plateau\" takes 2 numbers; leave out the rest");
}

}  // namespace
}  // namespace hillock
