// Every part is judged by its rows' own weights.
#include "table/scores.h"

namespace hillock {

Scores score(const Network& network, const Job& job) {
  const auto of = [&](const PreparedRows& rows) {
    return evaluate(network, job.options.step.loss, rows.examples(), job.target_scale(), job.options.step.session);
  };
  Scores scores;
  scores.train = of(job.parts.train);
  if (job.parts.validation) scores.validation = of(*job.parts.validation);
  if (job.parts.test) scores.test = of(*job.parts.test);
  return scores;
}

}  // namespace hillock
