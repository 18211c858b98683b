package io.github.raspberryspy.sink.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Sees to it that no stranger takes the place of a camera or of a person. A connection is a
 * stranger's until it has carried a request that was let in.
 *
 * <ul>
 *   <li>Newcomers are always taken. Beyond {@link #MOST_STRANGERS} strangers the one that came
 *       first is ended, and nobody else.
 *   <li>A stranger gets one answer, and its connection ends.
 *   <li>The head of a request has to be there within {@link Caller#HEAD}: of a stranger from its
 *       coming on, the handshake of TLS included, of others from the head's first byte on. A small
 *       body has the same time after that, whosever it is. A stranger's answer has to be taken in
 *       the same time; where more strangers than a quarter of the threads hold one for over a
 *       second, those that came first are ended.
 *   <li>A camera has {@link #MOST_EACH} connections, and so has a person; beyond that one of theirs
 *       is ended: of those that take no answer the one of which nothing was heard for longest.
 * </ul>
 *
 * <p>Connections that have become WebSockets are no concern of this type: they were let in, and
 * have bounds of their own. Thread-safe.
 */
final class Doorkeeper implements Connection.Listener, HttpConfiguration.Customizer {

  /** Connections at one time that have carried nothing that was let in. */
  static final int MOST_STRANGERS = 512;

  /** Connections at one time of one camera, or of one person. */
  static final int MOST_EACH = 256;

  private static final int BACKLOG = 512;
  private static final long LOOK_SECONDS = 1;

  private final LongSupplier nanos;
  private final int mostStuck;

  @GuardedBy("this")
  private final Map<Connection, Caller> callers = new HashMap<>();

  /** Those of them that nobody knows, in the order in which they came. */
  @GuardedBy("this")
  private final Set<Caller> strangers = new LinkedHashSet<>();

  /** The others by their name, those first of which nothing was heard for longest. */
  @GuardedBy("this")
  private final Map<String, Set<Caller>> known = new HashMap<>();

  /**
   * Watches nothing yet.
   *
   * @param threads that answer requests; strangers get a quarter of them for long
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  Doorkeeper(int threads, LongSupplier nanos) {
    this.mostStuck = threads / 4;
    this.nanos = nanos;
  }

  /** Watches what connects to this server, from its start to its stop. */
  void watch(Server server) {
    server.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStarting(LifeCycle starting) {
            for (Connector connector : server.getConnectors()) {
              ((ServerConnector) connector).setAcceptQueueSize(BACKLOG);
              connector.addEventListener(Doorkeeper.this);
              connector
                  .getConnectionFactory(HttpConnectionFactory.class)
                  .getHttpConfiguration()
                  .addCustomizer(Doorkeeper.this);
            }
          }

          @Override
          public void lifeCycleStarted(LifeCycle started) {
            lookAgain(server.getConnectors()[0].getScheduler());
          }
        });
  }

  /** This request was let in: its connection is no stranger's any more, and may be kept. */
  void letIn(HttpServletRequest request, String name) {
    ServletContextRequest core = ServletContextRequest.getServletContextRequest(request);
    core.getServletContextResponse().getHeaders().remove(HttpHeader.CONNECTION);
    Optional<Caller> spare = Optional.empty();
    synchronized (this) {
      Caller caller = callers.get(core.getConnectionMetaData().getConnection());
      if (caller != null && caller.isStranger()) {
        strangers.remove(caller);
        caller.isOf(name);
        Set<Caller> same = known.computeIfAbsent(name, n -> new LinkedHashSet<>());
        same.add(caller);
        spare = beyond(MOST_EACH, same, one -> !one.takes());
      }
    }
    spare.ifPresent(Doorkeeper::end);
  }

  @Override
  public void onOpened(Connection connection) {
    if (!(connection instanceof ConnectionMetaData)) {
      return; // a WebSocket, whose request was let in; or TLS, whose time is that of what it
      // carries
    }
    Optional<Caller> first;
    synchronized (this) {
      Caller caller = new Caller(connection, nanos.getAsLong());
      callers.put(connection, caller);
      strangers.add(caller);
      first = beyond(MOST_STRANGERS, strangers, one -> true);
    }
    first.ifPresent(Doorkeeper::end);
  }

  /** Its end, or its becoming a WebSocket. */
  @Override
  public synchronized void onClosed(Connection connection) {
    Caller caller = callers.get(connection);
    if (caller != null) {
      forget(caller);
    }
  }

  /** Called when the head of a request is there. */
  @Override
  public Request customize(Request request, HttpFields.Mutable answer) {
    Connection connection = request.getConnectionMetaData().getConnection();
    synchronized (this) {
      Caller caller = callers.get(connection);
      if (caller == null) {
        return request; // sent away meanwhile
      }
      nowDoes(Caller.Does.TAKE, caller);
      if (caller.isStranger()) {
        answer.put(HttpFields.CONNECTION_CLOSE);
      }
    }
    Request.addCompletionListener(request, failure -> nowDoes(Caller.Does.REST, connection));
    return request;
  }

  /** A thread waits for the small body of this request from now on. */
  void brings(HttpServletRequest request) {
    nowDoes(Caller.Does.BRING, connection(request));
  }

  /** It is there. */
  void hasBrought(HttpServletRequest request) {
    nowDoes(Caller.Does.TAKE, connection(request));
  }

  /** Who was let in with an earlier request of this connection, or with this; empty for nobody. */
  synchronized String whose(HttpServletRequest request) {
    Caller caller = callers.get(connection(request));
    return caller == null ? "" : caller.name();
  }

  private static Connection connection(HttpServletRequest request) {
    return ServletContextRequest.getServletContextRequest(request)
        .getConnectionMetaData()
        .getConnection();
  }

  private synchronized void nowDoes(Caller.Does what, Connection connection) {
    Caller caller = callers.get(connection);
    if (caller != null) {
      nowDoes(what, caller);
    }
  }

  private void lookAgain(Scheduler scheduler) {
    scheduler.schedule(
        () -> {
          try {
            look();
          } finally {
            lookAgain(scheduler);
          }
        },
        LOOK_SECONDS,
        TimeUnit.SECONDS);
  }

  private void look() {
    Set<Caller> late = new HashSet<>();
    synchronized (this) {
      long now = nanos.getAsLong();
      for (Caller caller : callers.values()) {
        if (caller.asksAgain()) {
          caller.nowDoes(Caller.Does.ASK, now);
        }
      }
      callers.values().stream().filter(caller -> caller.isLate(now)).forEach(late::add);
      List<Caller> stuck = strangers.stream().filter(caller -> caller.isStuck(now)).toList();
      late.addAll(stuck.subList(0, Math.max(0, stuck.size() - mostStuck)));
      late.forEach(this::forget);
    }
    late.forEach(Doorkeeper::end);
  }

  @GuardedBy("this")
  private void nowDoes(Caller.Does what, Caller caller) {
    caller.nowDoes(what, nanos.getAsLong());
    Set<Caller> same = known.get(caller.name());
    if (same != null && same.remove(caller)) {
      same.add(caller); // behind those of which nothing was heard for longer
    }
  }

  /**
   * One of them, forgotten, where they are more than this: the first that may rather go, or the
   * first where none may.
   */
  @GuardedBy("this")
  private Optional<Caller> beyond(int most, Set<Caller> of, Predicate<Caller> rather) {
    if (of.size() <= most) {
      return Optional.empty();
    }
    Caller one = of.stream().filter(rather).findFirst().orElse(of.iterator().next());
    forget(one);
    return Optional.of(one);
  }

  @GuardedBy("this")
  private void forget(Caller caller) {
    callers.remove(caller.connection());
    strangers.remove(caller);
    Set<Caller> same = known.get(caller.name());
    if (same != null && same.remove(caller) && same.isEmpty()) {
      known.remove(caller.name());
    }
  }

  private static void end(Caller caller) {
    TlsDoor.end(caller.connection().getEndPoint());
  }
}
