package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;

/**
 * A folder on an SSH server. Connections are made when they are needed, one for each thread that is
 * at work; one is kept in between, and one on which anything failed is not used again. Thread-safe.
 */
final class SftpTarget implements UploadTarget {

  /** Does something with a connection. */
  interface Work<T> {
    T with(Sftp sftp) throws IOException;
  }

  private static final Duration GLANCE = Duration.ofSeconds(1);

  private final UploaderConfig config;
  private final SftpConfig target;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Set<SftpLink> open = new HashSet<>();

  @GuardedBy("lock")
  private Optional<SftpLink> idle = Optional.empty();

  @GuardedBy("lock")
  private boolean aborted;

  @GuardedBy("lock")
  private Optional<Timer> watch = Optional.empty(); // from the first link on

  SftpTarget(UploaderConfig config, SftpConfig target) {
    this.config = config;
    this.target = target;
  }

  @Override
  public TargetClient on(SharedLink.Lane lane) {
    return new SftpLane(this, target, lane);
  }

  @Override
  public void abort() {
    List<SftpLink> links;
    synchronized (lock) {
      aborted = true;
      links = List.copyOf(open);
      open.clear();
      idle = Optional.empty();
      watch.ifPresent(Timer::cancel);
    }
    links.forEach(SftpLink::close);
  }

  @Override
  public void close() {
    abort();
  }

  /**
   * Does something with a connection.
   *
   * @throws UploadException as which every failure comes out
   */
  <T> T work(Work<T> work) throws UploadException {
    SftpLink link = take();
    boolean isDone = false;
    try {
      if (link.sftp() == null) {
        link.connect(config.connectTimeout(), config.requestTimeout());
        if (isAborted()) {
          throw cancelled(new IOException("a link that is not made yet cannot be cut"));
        }
        requireFolder(link.sftp());
      }
      T result = work.with(link.sftp());
      isDone = true;
      return result;
    } catch (SftpStatusException e) {
      throw refusal(link.sftp(), e);
    } catch (UploadException e) {
      throw isAborted() ? cancelled(e) : e;
    } catch (IOException | BufferUnderflowException e) {
      throw isAborted()
          ? cancelled(e)
          : new UploadException(
              Kind.UNREACHABLE, "the connection to " + target.server() + " broke", e);
    } finally {
      giveBack(link, isDone);
    }
  }

  private SftpLink take() throws UploadException {
    synchronized (lock) {
      if (aborted) {
        throw new UploadException(Kind.CANCELLED, "the uploader is closed");
      }
      Optional<SftpLink> kept = idle;
      idle = Optional.empty();
      if (kept.isPresent() && kept.get().isConnected()) {
        return kept.get();
      }
      kept.ifPresent(open::remove);
      SftpLink made = SftpLink.to(target);
      open.add(made);
      if (watch.isEmpty()) {
        watch = Optional.of(new Timer("upload-sftp-watch", true));
        watch.get().schedule(new Glance(), GLANCE.toMillis(), GLANCE.toMillis());
      }
      return made;
    }
  }

  /** An SSH server that lives says nothing of the disk behind it, which may hang. */
  private final class Glance extends TimerTask {
    @Override
    public void run() {
      List<SftpLink> overdue;
      synchronized (lock) {
        overdue = open.stream().filter(link -> link.isOverdue(config.requestTimeout())).toList();
      }
      overdue.forEach(SftpLink::close);
    }
  }

  /** Where something failed, answers to what was asked may still come on it. */
  private void giveBack(SftpLink link, boolean isGood) {
    synchronized (lock) {
      if (isGood && !aborted && idle.isEmpty()) {
        idle = Optional.of(link);
        return;
      }
      open.remove(link);
    }
    link.close();
  }

  /** A folder that is missing is a disk that is missing: it is not made here. */
  private void requireFolder(Sftp sftp) throws IOException {
    if (sftp.size(target.folder()).isEmpty()) {
      throw new UploadException(
          Kind.UNREACHABLE,
          "there is no folder " + target.folder() + " on " + target.server() + "; it is not made");
    }
  }

  private UploadException refusal(Sftp sftp, SftpStatusException e) {
    String where = target.folder() + " on " + target.server();
    return switch (e.status()) {
      case SftpStatusException.PERMISSION_DENIED ->
          new UploadException(
              Kind.UNAUTHORIZED,
              target.user() + " may not write to " + where + " (" + e.getMessage() + ")",
              e);
      case SftpStatusException.NO_SPACE, SftpStatusException.QUOTA -> isFull(where, e);
      default ->
          hasNoSpace(sftp)
              ? isFull(where, e)
              : UploadException.ofFailing(target.server() + " fails on " + e.getMessage(), e);
    };
  }

  private static UploadException isFull(String where, IOException e) {
    return new UploadException(Kind.UNREACHABLE, "the disk of " + where + " is full", e);
  }

  /** Version 3 has no number for a full disk. */
  private boolean hasNoSpace(Sftp sftp) {
    try {
      OptionalLong free = sftp.freeBytes(target.folder());
      return free.isPresent() && free.getAsLong() < UploaderConfig.MAX_CHUNK_BYTES;
    } catch (IOException | BufferUnderflowException e) {
      return false;
    }
  }

  private static UploadException cancelled(Exception e) {
    return new UploadException(Kind.CANCELLED, "the uploader is closed", e);
  }

  private boolean isAborted() {
    synchronized (lock) {
      return aborted;
    }
  }
}
