package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.sink.store.FootageCheck.Fault;
import io.github.raspberryspy.sink.store.FootageFiles.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upload of a segment that still grows, in the bucket that replicas of the master share: one
 * object for what it is, and one for each append. What is there was vouched for, and stays whatever
 * becomes of this computer. For the holder of the upload's lock.
 */
final class UploadPieces {

  /*
   * A piece is named by the offset of its first byte, and a name is given once: of two replicas
   * that both think that they serve, one is told that somebody was there before, and looks again.
   * So the pieces that follow on from byte 0 are one history, whoever wrote them. What a cut has to
   * take away goes from the end on, so that a crash leaves a shorter history and no other one; and
   * whoever takes anything away has made sure before that it is the one that serves.
   */
  private static final Logger log = LoggerFactory.getLogger(UploadPieces.class);
  static final String FOLDER = FootageFolder.INTERNALS + "/incoming";
  private static final String NOTE = ".info";

  private final BucketFiles bucket;
  private final Runnable fence;
  private final Turns turns;
  private final String token;

  /** How many bytes there are, from the first on. */
  private long end;

  /** Of an upload by its token; nothing is known of it yet. */
  UploadPieces(Shared shared, String token) {
    this.bucket = shared.bucket();
    this.fence = shared.fence();
    this.turns = shared.turns();
    this.token = token;
  }

  /**
   * What replicas share.
   *
   * @param bucket where their uploads are
   * @param fence throws unless this is the one that serves
   * @param turns how many requests may wait for the bucket
   */
  record Shared(BucketFiles bucket, Runnable fence, Turns turns) {

    /** With turns of its own. */
    Shared(BucketFiles bucket, Runnable fence) {
      this(bucket, fence, new Turns(bucket));
    }
  }

  /** Finds what is under way, and takes away what was left of uploads that ended. */
  static List<Partial> all(Shared shared, Path folder) throws IOException {
    List<Partial> all = new ArrayList<>();
    for (var upload : byToken(shared.bucket()).entrySet()) {
      UploadPieces pieces = new UploadPieces(shared, upload.getKey());
      Optional<UploadInfo> info = pieces.read(upload.getValue());
      if (info.isPresent()) {
        all.add(new Partial(folder, pieces.token, info.get(), Optional.of(pieces)));
      }
    }
    return all;
  }

  /** What is wrong with what lies there; all of it is listed, and notes are read. */
  static Set<Fault> faults(BucketFiles bucket) throws IOException {
    Set<Fault> faults = new LinkedHashSet<>();
    for (var upload : byToken(bucket).entrySet()) {
      UploadPieces pieces = new UploadPieces(new Shared(bucket, () -> {}), upload.getKey());
      String problem = pieces.problem(upload.getValue());
      if (!problem.isEmpty()) {
        faults.add(new Fault(FOLDER + "/" + upload.getKey(), problem));
      }
    }
    return faults;
  }

  private String problem(List<Entry> entries) throws IOException {
    if (entries.stream().noneMatch(entry -> entry.key().equals(note()))) {
      return "is what an upload left that has ended";
    }
    UploadInfo info;
    try {
      info = readNote();
    } catch (NoSuchFileException e) {
      return ""; // it has ended meanwhile
    } catch (FootageAwayException e) {
      throw e;
    } catch (IOException e) {
      return "cannot be gone on with: " + e.getMessage();
    }
    count(entries);
    Long last = pieces(entries).keySet().stream().max(Long::compare).orElse(0L);
    if (last > end) {
      return "goes on at byte " + last + ", and ends at byte " + end + " before that";
    }
    return info.durable() > end
        ? "has " + end + " bytes, of " + info.durable() + " that its camera was told are kept"
        : "";
  }

  private static Map<String, List<Entry>> byToken(BucketFiles bucket) throws IOException {
    Map<String, List<Entry>> byToken = new TreeMap<>();
    for (Entry entry : bucket.list(FOLDER)) {
      byToken.computeIfAbsent(tokenOf(entry.key()), t -> new ArrayList<>()).add(entry);
    }
    return byToken;
  }

  private static String tokenOf(String key) {
    String name = key.substring(FOLDER.length() + 1);
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** What it is, by all that lies there of it. */
  private Optional<UploadInfo> read(List<Entry> entries) throws IOException {
    if (entries.stream().noneMatch(entry -> entry.key().equals(note()))) {
      fence.run();
      bucket.deleteAll(keys(entries));
      return Optional.empty();
    }
    try {
      UploadInfo info = readNote();
      count(entries);
      return Optional.of(info);
    } catch (FootageAwayException e) {
      throw e;
    } catch (IOException e) {
      log.warn("upload {} in the bucket is passed over: {}", token, e.getMessage());
      return Optional.empty();
    }
  }

  /** How many bytes there are, as far as is known. */
  long end() {
    return end;
  }

  /** Begins it, or finds what another replica has begun: what it is then. */
  UploadInfo begin(UploadInfo info) throws IOException {
    fence.run();
    if (bucket.create(note(), info.encode())) {
      List<String> left = new ArrayList<>(keys(entries()));
      left.remove(note());
      bucket.deleteAll(left); // of one that ended
      return info;
    }
    look();
    return readNote();
  }

  private UploadInfo readNote() throws IOException {
    return UploadInfo.decode(bucket.read(note(), JsonFields.MAX_BYTES));
  }

  /** All that lies there of it. */
  private List<Entry> entries() throws IOException {
    return bucket.listFrom(FOLDER, token + ".");
  }

  private static List<String> keys(List<Entry> entries) {
    return entries.stream().map(Entry::key).toList();
  }

  /** Writes down what it is now. */
  void note(UploadInfo info) throws IOException {
    bucket.write(note(), info.encode());
  }

  /**
   * Adds what a file holds from {@link #end} up to another offset. Returns false where somebody
   * else has added something: then {@link #end} says where that ends.
   */
  boolean add(Path part, long to) throws IOException {
    if (to == end) {
      return true;
    }
    return turns.take(
        () -> {
          if (bucket.create(piece(end), part, end, to - end)) {
            end = to;
            return true;
          }
          look();
          return false;
        });
  }

  /** Looks how far it has come, whoever went on with it. */
  void look() throws IOException {
    count(entries());
  }

  private void count(List<Entry> entries) {
    end = 0;
    for (var piece : pieces(entries).entrySet()) {
      if (piece.getKey() == end) {
        end += piece.getValue();
      }
    }
  }

  /** Offsets and sizes. */
  private NavigableMap<Long, Long> pieces(List<Entry> entries) {
    TreeMap<Long, Long> pieces = new TreeMap<>();
    for (Entry entry : entries) {
      String offset = entry.key().substring(FOLDER.length() + token.length() + 2);
      if (offset.matches("[0-9]{19}")) {
        pieces.put(Long.parseLong(offset), entry.bytes());
      }
    }
    return pieces;
  }

  /** Cuts it to the first bytes, which a file holds too. */
  void cut(Path part, long bytes) throws IOException {
    fence.run();
    NavigableMap<Long, Long> pieces = pieces(entries());
    bucket.delete(
        pieces.tailMap(bytes, true).descendingKeySet().stream().map(this::piece).toList());
    Long last = pieces.lowerKey(bytes);
    if (last != null && last + pieces.get(last) > bytes) {
      bucket.replace(piece(last), part, last, bytes - last);
    }
    end = Math.min(end, bytes);
  }

  /** Reads the first bytes into a file. */
  void fetch(Path part, long bytes) throws IOException {
    try (FileChannel file =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(file)) {
      long at = 0;
      for (var piece : pieces(entries()).entrySet()) {
        if (piece.getKey() == at && at < bytes) {
          try (InputStream in = bucket.open(piece(at), 0, bytes - at)) {
            at += in.transferTo(out);
          }
        }
      }
      if (at < bytes) {
        throw new IOException(
            "upload " + token + " has " + bytes + " bytes, of which the bucket has " + at);
      }
    }
  }

  /** Takes it away: what it is goes first, and without that nobody goes on with it. */
  void discard() throws IOException {
    fence.run();
    bucket.delete(List.of(note()));
    bucket.deleteAll(keys(entries()));
    end = 0;
  }

  private String note() {
    return FOLDER + "/" + token + NOTE;
  }

  private String piece(long offset) {
    return FOLDER + "/" + token + ".%019d".formatted(offset);
  }
}
