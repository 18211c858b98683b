package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The commands that cameras have not answered yet. Each ends once: with the camera's answer, with
 * its connection, or after {@link #PATIENCE}. Thread-safe.
 */
final class Orders {

  /** How long a camera may take to answer. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long it may take to answer what makes it film anew, and go back where it cannot. */
  static final Duration LONG_PATIENCE = Duration.ofSeconds(45);

  private record Order(LinkPeer peer, LinkCommand command, CompletableFuture<Answer> answer) {}

  @GuardedBy("this")
  private final Map<String, Order> waiting = new HashMap<>();

  /** Sends it. */
  CompletableFuture<Answer> send(String camera, LinkPeer peer, LinkCommand command) {
    String id = command.id();
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    synchronized (this) {
      if (waiting.putIfAbsent(id, new Order(peer, command, answer)) != null) {
        throw new IllegalArgumentException("there is a command of the id " + id + " already");
      }
    }
    peer.send(CommandCodec.encode(command));
    boolean isQuick =
        command instanceof LinkCommand.Flush || command instanceof LinkCommand.Snapshot;
    Duration most = isQuick ? PATIENCE : LONG_PATIENCE;
    Answer late =
        Answer.none("camera " + camera + " did not answer within " + most.toSeconds() + " s");
    return answer
        .completeOnTimeout(late, most.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((done, failure) -> take(id, peer));
  }

  /** Whether this connection has yet to answer what was set of its camera. */
  synchronized boolean isSet(LinkPeer peer) {
    return waiting.values().stream()
        .anyMatch(
            order -> order.peer().equals(peer) && order.command() instanceof LinkCommand.Configure);
  }

  /** A camera answered; an answer that nobody waits for is passed over. */
  void answered(LinkPeer peer, Done done) {
    take(done.id(), peer).ifPresent(order -> order.answer().complete(Answer.of(done)));
  }

  /** A connection is gone: what it has not answered it will not answer. */
  void gone(String camera, LinkPeer peer) {
    List<Map.Entry<String, Order>> lost;
    synchronized (this) {
      lost =
          waiting.entrySet().stream()
              .filter(order -> order.getValue().peer().equals(peer))
              .map(order -> Map.entry(order.getKey(), order.getValue()))
              .toList();
      lost.forEach(order -> waiting.remove(order.getKey()));
    }
    for (Map.Entry<String, Order> order : lost) {
      String sentence = "the link of camera " + camera + " broke before it answered";
      order.getValue().answer().complete(Answer.none(sentence));
    }
  }

  private synchronized Optional<Order> take(String id, LinkPeer peer) {
    Order order = waiting.get(id);
    if (order == null || !order.peer().equals(peer)) {
      return Optional.empty();
    }
    waiting.remove(id);
    return Optional.of(order);
  }
}
