#include "core/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "core/decompress.h"
#include "hillock/error.h"

namespace hillock {
namespace {

namespace fs = std::filesystem;

// Gives each test a new directory, removed when the test ends.
class FileTest : public testing::Test {
 protected:
  FileTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root_ = testing::TempDir() + "hillock-" + std::to_string(::getpid()) + "-file-" + test->name();
    fs::create_directories(root_);
  }
  ~FileTest() override { fs::remove_all(root_); }

  std::string path(const std::string& name) const { return root_ + "/" + name; }
  static void put(const std::string& at, const std::string& bytes) { std::ofstream(at, std::ios::binary) << bytes; }
  static void write(const std::string& at, const std::string& bytes) {
    write_file(at, std::as_bytes(std::span(bytes)));
  }
  std::ptrdiff_t file_count() const { return std::distance(fs::directory_iterator(root_), {}); }

  template <class Call>
  static std::string error_of(Call call) {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  std::string root_;
};

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST_F(FileTest, WritesAndReadsBack) {
  const std::string bytes("a\0b\n", 4);
  write(path("f"), bytes);
  EXPECT_EQ(read_file(path("f")), bytes);
  write(path("f"), "second");
  EXPECT_EQ(read_file(path("f")), "second");
  write(path("f"), "");
  EXPECT_EQ(read_file(path("f")), "");
  EXPECT_EQ(file_count(), 1);
}

TEST_F(FileTest, PiecesAreWrittenOneAfterAnother) {
  const std::string a = "one ", b = "two";
  const std::span<const std::byte> pieces[] = {std::as_bytes(std::span(a)), {}, std::as_bytes(std::span(b))};
  write_file(path("f"), pieces);
  EXPECT_EQ(read_file(path("f")), "one two");
}

TEST_F(FileTest, ReadingTellsWhatIsWrong) {
  EXPECT_EQ(error_of([&] { read_file(path("none")); }),
            path("none") + ": cannot be opened (No such file or directory); check the path");
  EXPECT_EQ(error_of([&] { read_file(root_); }), root_ + ": is a directory; name a file");
}

TEST_F(FileTest, GzipIsUndone) {
  std::string bytes(3'000'000, 'x');
  bytes[7] = 'y';
  put(path("f"), gzip(bytes));
  EXPECT_EQ(read_decompressed_file(path("f")), bytes);
  put(path("two"), gzip("first ") + gzip("second") + std::string(512, '\0'));
  EXPECT_EQ(read_decompressed_file(path("two")), "first second");
  put(path("plain"), "no gzip");
  EXPECT_EQ(read_decompressed_file(path("plain")), "no gzip");
}

TEST_F(FileTest, DamagedGzipIsRefused) {
  const std::string whole = gzip("some content that is compressed, compressed, compressed");
  EXPECT_EQ(error_of([&] { decompress_if_compressed(whole.substr(0, 30), "f.gz"); }),
            "f.gz: the gzip data end after 30 bytes, before the end of the content; fetch the file again");
  for (std::size_t bytes = 3; bytes < whole.size(); ++bytes) {
    EXPECT_NE(error_of([&] { decompress_if_compressed(whole.substr(0, bytes), "f.gz"); }), "") << bytes;
  }
  std::string damaged = whole;
  damaged[whole.size() - 6] ^= 1;  // damages the checksum
  EXPECT_EQ(error_of([&] { decompress_if_compressed(damaged, "f.gz"); }),
            "f.gz: the gzip data are damaged; fetch the file again");
  EXPECT_EQ(error_of([&] { decompress_if_compressed(whole + "rest", "f.gz"); }),
            "f.gz: 4 bytes follow the gzip data; fetch the file again");
}

TEST_F(FileTest, WritingTellsWhatIsWrongAndLeavesNothing) {
  EXPECT_EQ(
      error_of([&] { write(path("no/f"), "x"); }),
      path("no/f") + ": cannot be written (No such file or directory); create the directory or choose another path");
  EXPECT_EQ(error_of([&] { write(root_, "x"); }), root_ + ": cannot be written (Is a directory); choose another path");
  EXPECT_EQ(error_of([&] { write(path("f/"), "x"); }),
            path("f/") + ": cannot be written (Is a directory); choose another path");
  put(path("file"), "x");
  EXPECT_EQ(error_of([&] { write(path("file/f"), "x"); }),
            path("file/f") + ": cannot be written (Not a directory); choose another path");
  EXPECT_EQ(error_of([&] { write("", "x"); }), "output: the path is empty; name a file");
  EXPECT_EQ(file_count(), 1);
}

TEST_F(FileTest, RequireWritableAgreesAndLeavesNothing) {
  require_writable(path("f"));
  EXPECT_EQ(file_count(), 0);
  put(path("f"), "kept");
  require_writable(path("f"));
  EXPECT_EQ(read_file(path("f")), "kept");
  EXPECT_EQ(file_count(), 1);
  EXPECT_EQ(
      error_of([&] { require_writable(path("no/f")); }),
      path("no/f") + ": cannot be written (No such file or directory); create the directory or choose another path");
  EXPECT_NE(error_of([&] { require_writable(root_); }), "");
}

TEST_F(FileTest, PermissionsAreRespectedAndKept) {
  write(path("f"), "old");
  ASSERT_EQ(::chmod(path("f").c_str(), 0640), 0);
  write(path("f"), "new");
  struct stat status {};
  ASSERT_EQ(::stat(path("f").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser may write anywhere";
  ASSERT_EQ(::chmod(path("f").c_str(), 0440), 0);
  EXPECT_EQ(error_of([&] { require_writable(path("f")); }),
            path("f") + ": cannot be written (Permission denied); choose another path");
}

TEST_F(FileTest, LinksAreFollowedAndDevicesKept) {
  write(path("real"), "old");
  fs::create_symlink("real", path("link"));
  write(path("link"), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("real")), "new");
  write("/dev/null", "gone");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(FileTest, AFullDiskIsReported) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_EQ(error_of([&] { write("/dev/full", "x"); }),
            "/dev/full: cannot be written (No space left on device); free some space or choose another path");
}

}  // namespace
}  // namespace hillock
