package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.sink.RawConnections;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Before a server whose answers are never taken, so that each holds its thread. */
class DoorkeeperTest {

  private static final int THREADS = 40;
  private static final int SOME = 30;
  private static final String ASK = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Server server = new Server(new QueuedThreadPool(THREADS));
  private URI url;

  private final class Untaken extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws InterruptedException {
      asked.incrementAndGet();
      over.await();
      callback.succeeded();
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Untaken());
    new Doorkeeper(THREADS, nanos::get).watch(server);
    server.start();
    url = URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @AfterEach
  void stop() throws Exception {
    over.countDown();
    server.stop();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void ofStrangersWhoTakeNoAnswerTheFirstAreEndedUntilMostThreadsAreFree() throws Exception {
    try (RawConnections strangers = new RawConnections(url).come(SOME, ASK)) {
      await().untilAsserted(() -> assertThat(asked).hasValue(SOME));
      assertThat(strangers.left()).isEqualTo(SOME);
      pass(Duration.ofSeconds(2));
      await().untilAsserted(() -> assertThat(strangers.left()).isEqualTo(THREADS / 4));
      pass(Duration.ofSeconds(9));
      await().untilAsserted(() -> assertThat(strangers.left()).isZero());
    }
  }

  @Test
  void fewStrangersHaveTheirTimeForAnAnswer() throws Exception {
    try (RawConnections strangers = new RawConnections(url).come(THREADS / 4, ASK);
        RawConnections silent = new RawConnections(url).come(1, "")) {
      await().untilAsserted(() -> assertThat(asked).hasValue(THREADS / 4));
      pass(Duration.ofSeconds(9));
      strangers.come(1, ""); // counted from now on
      pass(Duration.ofMillis(1500));
      await().untilAsserted(() -> assertThat(silent.left()).isZero());
      await().untilAsserted(() -> assertThat(strangers.left()).isEqualTo(1));
    }
  }
}
