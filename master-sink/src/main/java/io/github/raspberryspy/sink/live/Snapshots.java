package io.github.raspberryspy.sink.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.sink.fleet.Answer;
import io.github.raspberryspy.sink.fleet.Fleet;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Pictures of now, which cameras make when they are asked. A camera is asked for one at a time:
 * those who ask meanwhile get the same one. Nothing of it is kept, and nothing here blocks.
 * Thread-safe.
 */
public final class Snapshots {

  /** Most bytes of a picture. */
  public static final int MOST_BYTES = 8 << 20;

  /**
   * One picture.
   *
   * @param captured wall time at which it was filmed
   * @param jpeg its bytes, read-only: whoever reads them works on a duplicate
   */
  public record Picture(Instant captured, ByteBuffer jpeg) {
    /** Makes the bytes read-only. */
    public Picture {
      jpeg = jpeg.asReadOnlyBuffer();
    }
  }

  /**
   * What came of asking.
   *
   * @param answer the camera's; where it is not ok, it says why there is no picture
   * @param picture there if it is ok
   */
  public record Taken(Answer answer, Optional<Picture> picture) {}

  private static final class Request {
    private final CompletableFuture<Taken> taken = new CompletableFuture<>();
    private final String id = LinkCommand.newId();
    private Optional<Picture> picture = Optional.empty(); // both guarded by the outer one
    private boolean isComing;
  }

  private final Fleet fleet;

  @GuardedBy("this")
  private final Map<String, Request> open = new HashMap<>();

  /** Asks the cameras of this fleet. */
  public Snapshots(Fleet fleet) {
    this.fleet = fleet;
  }

  /** Asks a camera for a picture; ends within 10 s, and never with an exception. */
  public CompletableFuture<Taken> take(String camera) {
    Request request;
    synchronized (this) {
      Request underWay = open.get(camera);
      if (underWay != null) {
        return underWay.taken.copy();
      }
      request = new Request();
      open.put(camera, request);
    }
    var unused =
        fleet
            .send(camera, new LinkCommand.Snapshot(request.id))
            .thenAccept(answer -> request.taken.complete(answered(camera, request, answer)));
    return request.taken.copy();
  }

  private synchronized Taken answered(String camera, Request request, Answer answer) {
    open.remove(camera);
    boolean isMissing = answer.ok() && request.picture.isEmpty();
    return new Taken(
        isMissing ? new Answer(true, false, "camera " + camera + " has sent no picture") : answer,
        answer.ok() ? request.picture : Optional.empty());
  }

  /** Whether somebody waits for a picture of this camera under this id. */
  public synchronized boolean isAsked(String camera, String id) {
    return asked(camera, id).isPresent();
  }

  /**
   * A camera begins to bring a picture, until it {@link #cameOrNot}.
   *
   * @return whether it is asked for under this id, and does not come already
   */
  public synchronized boolean comes(String camera, String id) {
    Optional<Request> free = asked(camera, id).filter(request -> !request.isComing);
    free.ifPresent(request -> request.isComing = true);
    return free.isPresent();
  }

  /** It comes no longer. */
  public synchronized void cameOrNot(String camera, String id) {
    asked(camera, id).ifPresent(request -> request.isComing = false);
  }

  /** Takes the picture that a camera has brought, if it is asked for still. */
  public synchronized void brought(String camera, String id, Picture picture) {
    asked(camera, id).ifPresent(request -> request.picture = Optional.of(picture));
  }

  @GuardedBy("this")
  private Optional<Request> asked(String camera, String id) {
    return Optional.ofNullable(open.get(camera)).filter(request -> request.id.equals(id));
  }
}
