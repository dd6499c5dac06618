// Scores use the rows' own weights in every split.
#include "table/scores.h"

namespace hillock {

Scores score(const Network& network, const PreparedJob& job) {
  const auto of = [&](const PreparedRows& rows) {
    return evaluate(network, job.options.step.loss, rows.examples(), job.target_scale(), job.options.step.session);
  };
  Scores scores;
  scores.train = of(job.splits.train);
  if (job.splits.validation) scores.validation = of(*job.splits.validation);
  if (job.splits.test) scores.test = of(*job.splits.test);
  return scores;
}

}  // namespace hillock
