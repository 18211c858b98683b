package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One segment's upload at the master, and how the master's answers about it are taken. Where the
 * upload was broken off, the master says. For one thread.
 */
final class TusUpload {

  private static final Logger log = LoggerFactory.getLogger(TusUpload.class);

  /** How often in a row the master may answer without taking bytes. */
  private static final int MAX_STANDSTILLS = 5;

  /** Reads what is to be sent. */
  interface Source {
    /** So many bytes from an offset on, all of which there are. From any thread. */
    ByteBuffer piece(long offset, int length) throws UploadException;
  }

  private final UploaderConfig config;
  private final TusCalls calls;
  private final SharedLink.Lane lane;
  private final AtomicLong accepted;
  private final SegmentId id;
  private boolean checksums = true;
  private int standstills;
  private long furthest;

  TusUpload(
      UploaderConfig config,
      TusCalls calls,
      SharedLink.Lane lane,
      AtomicLong accepted,
      SegmentId id) {
    this.config = config;
    this.calls = calls;
    this.lane = lane;
    this.accepted = accepted;
    this.id = id;
  }

  /** Where the upload is that this answer to a POST speaks of. */
  URI location(Answer answer) throws UploadException {
    if (answer.status() == 409) {
      throw failure(Kind.CONFLICT, answer);
    }
    if (answer.isGone() || answer.status() == 405 || answer.status() / 100 == 3) {
      throw new UploadException(
          Kind.UNREACHABLE,
          "there is no master at " + config.master() + " (" + answer.reason() + ")");
    }
    requireFine(answer);
    URI base = config.address(Tus.PATH);
    try {
      String location = answer.headers().firstValue("Location").orElse("").strip();
      URI upload = base.resolve(location);
      if (!location.isEmpty()
          && !upload.equals(base)
          && base.getScheme().equals(upload.getScheme())
          && Objects.equals(base.getRawAuthority(), upload.getRawAuthority())) {
        return upload;
      }
    } catch (IllegalArgumentException e) {
      log.debug("no address of an upload", e);
    }
    // anywhere else the token would go astray
    throw new UploadException(Kind.REJECTED, "the master named no upload of its own for " + id);
  }

  /**
   * How much the master has of an upload that it was just asked to begin: its answer may say, as
   * the protocol allows and our master does; else it is asked.
   */
  OptionalLong begun(URI upload, Answer answer, OptionalLong total) throws UploadException {
    OptionalLong offset = answer.size(Tus.OFFSET);
    return offset.isPresent() && offset.getAsLong() <= total.orElse(Long.MAX_VALUE)
        ? offset
        : offset(upload, total);
  }

  /**
   * How much the master has; empty where it has forgotten the upload.
   *
   * @param total what the whole upload has, where that is known already: with more, or of another
   *     length, it is dropped
   */
  OptionalLong offset(URI upload, OptionalLong total) throws UploadException {
    Answer answer = calls.head(upload);
    if (answer.isGone()) {
      return OptionalLong.empty();
    }
    requireFine(answer);
    OptionalLong offset = answer.size(Tus.OFFSET);
    boolean isOther =
        total.isPresent()
            && (offset.orElse(0) > total.getAsLong()
                || answer.size(Tus.LENGTH).orElse(total.getAsLong()) != total.getAsLong());
    if (offset.isEmpty() || isOther) {
      log.warn("the master's upload of {} is another one; it is dropped", id);
      calls.delete(upload);
      return OptionalLong.empty();
    }
    return offset;
  }

  /**
   * Sends a chunk, with a checksum that lets the master refuse it alone, or, where the link is
   * quick, more at once without: the hash of the whole is checked in any case.
   *
   * @param most as many bytes there are
   * @return where to go on; empty where the master has forgotten the upload
   */
  OptionalLong patch(URI upload, long offset, Source source, long most, OptionalLong total)
      throws UploadException {
    long bytes = Math.min(lane.requestBytes(), most - offset);
    boolean isChecked = checksums && bytes <= config.chunkBytes();
    boolean isLast = total.isPresent() && offset + bytes == total.getAsLong();
    lane.awaitTurn(this, bytes);
    Answer answer;
    long begin = System.nanoTime();
    try {
      FileBody body = new FileBody(source, offset, bytes, isLast ? this::leave : () -> {});
      answer = calls.patch(upload, body, isChecked);
    } catch (UploadException e) {
      lane.failed();
      throw e;
    } finally {
      lane.answered();
    }
    if (answer.isGone()) {
      return OptionalLong.empty();
    }
    if (answer.isFine()) {
      OptionalLong now = answer.size(Tus.OFFSET);
      if (now.isPresent() && now.getAsLong() > offset && now.getAsLong() <= offset + bytes) {
        if (now.getAsLong() > furthest) {
          furthest = now.getAsLong(); // a master that goes back and forth gets nowhere
          standstills = 0;
        }
        accepted.addAndGet(now.getAsLong() - offset);
        lane.sent(now.getAsLong() - offset, System.nanoTime() - begin);
        return now;
      }
      standStill(answer);
      return offset(upload, total);
    }
    lane.failed();
    return switch (answer.status()) {
      case 409 -> {
        standStill(answer);
        yield offset(upload, total);
      }
      case Tus.CHECKSUM_MISMATCH -> {
        standStill(answer);
        yield OptionalLong.of(offset);
      }
      case 400 -> {
        // tus has servers without this checksum; the hash of the whole is checked in any case
        if (!checksums) {
          throw failure(Kind.REJECTED, answer);
        }
        checksums = false;
        yield offset(upload, total);
      }
      default -> throw refusal(answer);
    };
  }

  /** No more bytes of it will leave: another segment's may. */
  void leave() {
    lane.leave(this);
  }

  /** The master answered and nothing came of it: not for ever. */
  void standStill(Answer answer) throws UploadException {
    standstills++;
    if (standstills > MAX_STANDSTILLS) {
      throw failure(Kind.UNREACHABLE, answer);
    }
  }

  void requireFine(Answer answer) throws UploadException {
    if (!answer.isFine()) {
      throw refusal(answer);
    }
  }

  private UploadException refusal(Answer answer) {
    return failure(
        switch (answer.status()) {
          case 401, 403 -> Kind.UNAUTHORIZED;
          case 423, 429, 507 -> Kind.BUSY;
          case 408, 425 -> Kind.UNREACHABLE;
          default -> answer.status() >= 500 ? Kind.UNREACHABLE : Kind.REJECTED;
        },
        answer);
  }

  UploadException failure(Kind kind, Answer answer) {
    String what =
        switch (kind) {
          case UNAUTHORIZED -> "the master does not accept this camera's token";
          case CONFLICT -> "the master has other bytes under the id " + id;
          case UNREACHABLE, BUSY -> "the master cannot take " + id + " now";
          default -> "the master refuses " + id;
        };
    return new UploadException(kind, what + " (" + answer.reason() + ")", answer.isFailure());
  }
}
