// Whatever load_data finds in a file: compressed tables, archives, databases, files of other programs.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "tests/fuzz/promises.h"
#include "tests/fuzz/targets.h"

namespace hillock::fuzz {
namespace {

// A file in memory that has a path, which SQLite needs.
class NamedFile {
 public:
  explicit NamedFile(std::string_view bytes) : path_("/dev/shm/hillock-fuzz-" + std::to_string(::getpid())) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  NamedFile(const NamedFile&) = delete;
  NamedFile& operator=(const NamedFile&) = delete;
  ~NamedFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

void file(std::string_view bytes) {
  const NamedFile named(bytes);
  ReadOptions any{.target = "last"}, model{.target = "y", .task = Task::regression, .require_target = false};
  model.expected_columns = {"a", "b"};
  ReadOptions query = any;
  query.query = "SELECT * FROM line LIMIT 50";
  for (const ReadOptions& options : {any, query, model}) {
    accepts([&] { require_loaded(load_data(named.path(), options), options); });
  }
  accepts([&] {
    if (!holds_table(named.path())) return;
    TableReader reader(named.path(), model);
    while (reader.next(64).rows > 0) continue;
  });
}

}  // namespace hillock::fuzz
