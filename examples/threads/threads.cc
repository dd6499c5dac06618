// One model, loaded from memory, used by two threads. Predicting locks nothing and allocates nothing.
#include <hillock/hillock.h>

#include <array>
#include <cstdio>
#include <thread>

int main() {
  using namespace hillock;
  const Model model = parse_model(model_bytes(train_table("iris").model), "the model in memory");
  std::array<std::array<float, 3>, 2> answers{};  // the probabilities of three classes, from each thread
  const std::array row{5.1F, 3.5F, 1.4F, 0.2F};
  const auto work = [&](std::size_t k) { ModelPredictor(model).predict(row, answers[k]); };
  { const std::array threads{std::jthread(work, 0), std::jthread(work, 1)}; }  // waits for both threads
  for (const auto& answer : answers) std::printf("%s %.2f\n", model.classes[0].c_str(), answer[0]);
}
