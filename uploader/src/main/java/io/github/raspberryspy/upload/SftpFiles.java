package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is done with the files of segments on an SSH server, over one connection. For one thread.
 */
final class SftpFiles {

  /** Does something with them. */
  interface Work<T> {
    T with(SftpFiles files) throws IOException;
  }

  private static final int BUFFER = 256 << 10;

  /** Hashes are asked for over so much at a time, so that each is answered in time. */
  private static final int HASHED_AT_A_TIME = 16 << 20;

  private final Sftp sftp;
  private final SftpConfig target;
  private final SharedLink.Lane lane;
  private final AtomicLong accepted;

  SftpFiles(Sftp sftp, SftpConfig target, SharedLink.Lane lane, AtomicLong accepted) {
    this.sftp = sftp;
    this.target = target;
    this.lane = lane;
    this.accepted = accepted;
  }

  /** Where a segment's file lies, without its ending; the folders are made. */
  String place(String camera, SegmentName name) throws IOException {
    String folder = target.folder() + "/" + camera;
    makeFolder(folder);
    folder += "/" + name.day();
    makeFolder(folder);
    return folder + "/" + name;
  }

  private void makeFolder(String path) throws IOException {
    if (sftp.size(path).isPresent()) {
      return;
    }
    try {
      sftp.makeFolder(path);
    } catch (SftpStatusException e) {
      if (sftp.size(path).isEmpty()) { // else another camera was quicker
        throw e;
      }
    }
  }

  OptionalLong size(String path) throws IOException {
    return sftp.size(path);
  }

  void remove(String path) throws IOException {
    sftp.remove(path);
  }

  /**
   * Sends a chunk to the end of a file, which is made where there is none, and has it written to
   * the server's disk.
   *
   * @param most as many bytes there are
   * @return where to go on
   */
  long append(String path, long offset, TusUpload.Source source, long most) throws IOException {
    int bytes =
        (int)
            Math.min(Math.min(lane.requestBytes(), UploaderConfig.MAX_CHUNK_BYTES), most - offset);
    lane.awaitTurn(bytes);
    long begin = System.nanoTime();
    boolean isSent = false;
    try {
      byte[] handle = sftp.open(path, Sftp.WRITE | Sftp.CREATE);
      for (int sent = 0; sent < bytes; sent += BUFFER) {
        ByteBuffer piece = source.piece(offset + sent, Math.min(BUFFER, bytes - sent));
        sftp.write(handle, offset + sent, piece);
      }
      sftp.fsync(handle);
      sftp.close(handle);
      isSent = true;
    } finally {
      if (!isSent) {
        lane.failed();
      }
    }
    lane.sent(bytes, System.nanoTime() - begin);
    accepted.addAndGet(bytes);
    return offset + bytes;
  }

  /**
   * Whether a file there is the one here. Where the server offers hashes, it is asked for them;
   * else the bytes are read again.
   *
   * @throws UploadException of kind {@code DAMAGED} if the file here is not what its manifest says
   */
  boolean isSame(String path, SegmentFile file, long bytes) throws IOException {
    OptionalLong size = sftp.size(path);
    if (size.isEmpty() || size.getAsLong() != bytes) {
      return false;
    }
    byte[] handle = sftp.open(path, Sftp.READ);
    MessageDigest whole = DurableFiles.sha256();
    boolean isSame = true;
    for (long at = 0; at < bytes && isSame; at += HASHED_AT_A_TIME) {
      isSame = isSame(handle, file, at, Math.min(HASHED_AT_A_TIME, bytes - at), whole);
    }
    sftp.close(handle);
    if (isSame) {
      file.requireHash(whole.digest());
    } else {
      file.requireContent();
    }
    return isSame;
  }

  private boolean isSame(
      byte[] handle, SegmentFile file, long from, long length, MessageDigest whole)
      throws IOException {
    Optional<byte[]> hash =
        sftp.offersHash() && !target.rereads() ? sftp.hash(handle, from, length) : Optional.empty();
    MessageDigest part = DurableFiles.sha256();
    byte[] there = new byte[hash.isPresent() ? 0 : BUFFER];
    for (long at = from; at < from + length; at += BUFFER) {
      int bytes = (int) Math.min(BUFFER, from + length - at);
      ByteBuffer here = file.piece(at, bytes);
      whole.update(here.duplicate());
      if (hash.isPresent()) {
        part.update(here);
      } else if (sftp.read(handle, at, there, bytes) < bytes
          || !here.equals(ByteBuffer.wrap(there, 0, bytes))) {
        return false;
      }
    }
    return hash.isEmpty() || Arrays.equals(hash.get(), part.digest());
  }

  /**
   * Gives a finished file its name, unless something has it. Durable as far as the server can make
   * it so: the file is written to its disk once more under the new name, with which the common file
   * systems of Linux write the name as well.
   */
  void publish(String from, String to) throws IOException {
    byte[] handle = sftp.open(from, Sftp.READ | Sftp.WRITE);
    sftp.fsync(handle);
    sftp.rename(from, to);
    sftp.fsync(handle);
    sftp.close(handle);
  }

  /** Writes a small file under a name of its own, and reads it again. */
  void write(String path, byte[] bytes) throws IOException {
    lane.awaitTurn(bytes.length);
    byte[] handle = sftp.open(path, Sftp.WRITE | Sftp.CREATE | Sftp.TRUNCATE);
    sftp.write(handle, 0, ByteBuffer.wrap(bytes));
    sftp.fsync(handle);
    sftp.close(handle);
    if (!Arrays.equals(read(path, bytes.length + 1), bytes)) {
      throw UploadException.ofFailing(
          target.server() + " does not hold " + path + " as it was sent", null);
    }
  }

  /** Reads a small file. */
  byte[] read(String path, int most) throws IOException {
    byte[] handle = sftp.open(path, Sftp.READ);
    byte[] buffer = new byte[BUFFER];
    var bytes = new ByteArrayOutputStream();
    while (bytes.size() < most) {
      int got = sftp.read(handle, bytes.size(), buffer, Math.min(BUFFER, most - bytes.size()));
      if (got == 0) {
        break;
      }
      bytes.write(buffer, 0, got);
    }
    sftp.close(handle);
    return bytes.toByteArray();
  }
}
