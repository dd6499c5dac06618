// Derives settings that depend on the options alone.
#include <algorithm>
#include <thread>
#include <tuple>

#include "hillock/compare.h"
#include "hillock/table.h"

namespace hillock {

ReadOptions read_options(const TableOptions& from) {
  ReadOptions options;
  options.target = from.target;
  options.task = from.task;
  options.dtype = from.dtype;
  options.widen = true;
  options.header = from.header;
  options.delimiter = from.delimiter;
  options.quote = from.quote;
  options.backslash_escapes = from.backslash_escapes;
  options.skip = from.skip;
  options.skip_end = from.skip_end;
  options.table = from.table;
  options.query = from.query;
  options.decimal = from.decimal;
  options.comment = from.comment;
  options.encoding = from.encoding;
  options.thousands = from.thousands;
  options.missing_tokens = from.na;
  options.added_missing_tokens = from.na_add;
  options.coerce = from.coerce;
  options.allow_unseen = from.allow_unseen;
  options.drop = from.drop;
  options.numeric = from.numeric;
  options.categorical = from.categorical;
  options.weights = from.weights;
  options.group = from.group;
  options.time = from.time;
  options.missing = from.missing;
  options.dates = from.dates;
  return options;
}

int thread_count(std::int64_t threads) {
  constexpr std::int64_t kMost = 256;
  if (threads > 0) return static_cast<int>(std::min(threads, kMost));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

bool read_alike(const TableOptions& a, const TableOptions& b) {
  const auto fields = [](const TableOptions& options) {
    return std::tie(options.target, options.task, options.header, options.delimiter, options.quote,
                    options.backslash_escapes, options.skip, options.skip_end, options.table, options.query,
                    options.decimal, options.thousands, options.comment, options.encoding, options.na, options.na_add,
                    options.coerce, options.drop, options.numeric, options.categorical, options.missing,
                    options.validation, options.test, options.weights, options.group, options.time, options.dtype,
                    options.folds, options.dates, options.allow_unseen);
  };
  return fields(a) == fields(b);
}

}  // namespace hillock
