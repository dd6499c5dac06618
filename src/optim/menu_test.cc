// The records of the menu agree with the optimizers that they make.
#include <gtest/gtest.h>

#include <string>

#include "core/error_testing.h"
#include "hillock/optim.h"

namespace hillock {
namespace {

TEST(OptimizerMenu, RecordsAreTrue) {
  for (const OptimizerInfo& info : optimizer_infos()) {
    const Optimizer optimizer = info.make({});
    EXPECT_EQ(optimizer.name, info.name);
    EXPECT_EQ(optimizer.full_batch(), info.full_batch) << info.name;
    EXPECT_EQ(&optimizer_info(info.name), &info);
    EXPECT_EQ(info.formula != nullptr, static_cast<bool>(optimizer.update)) << info.name;
    if (info.formula == nullptr) continue;
    EXPECT_EQ(info.slot_letters.size(), optimizer.slots.size()) << info.name;
    const std::string plain = info.formula("∂E/∂w", false), decayed = info.formula("∂E/∂w", true);
    EXPECT_EQ(plain.find("λ"), std::string::npos) << plain;
    EXPECT_NE(decayed.find("λ w"), std::string::npos) << decayed;
    EXPECT_EQ(plain.find("μ v") != std::string::npos, info.takes_momentum) << plain;
    for (const std::string_view letter : info.slot_letters)
      EXPECT_NE(plain.find(std::string(letter) + " ←"), std::string::npos) << plain;
  }
  EXPECT_EQ(error_of([] { (void)optimizer_info("adma"); }), error_of([] { (void)optimizer_from_name("adma"); }));
  EXPECT_NE(error_of([] { (void)optimizer_info("adma"); }), "");
}

}  // namespace
}  // namespace hillock
