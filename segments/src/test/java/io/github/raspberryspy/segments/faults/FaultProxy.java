package io.github.raspberryspy.segments.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad network between a client and a server on this machine: a TCP proxy with toxics in either
 * direction. What is set holds for open connections too, from their next bytes on. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

  private static final int PIECE = 16 << 10;

  /** Pieces on their way in one direction: a network holds only so much. */
  private static final int IN_FLIGHT = 64;

  private final ServerSocket server;
  private final int target;
  private final Random seeds;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong sentUp = new AtomicLong();

  private volatile List<Toxic> upstream = List.of(); // set by the test
  private volatile List<Toxic> downstream = List.of(); // likewise
  private volatile boolean refuses; // likewise

  /** In front of a port of this machine; the seed decides jitter and sizes of pieces. */
  public FaultProxy(int target, long seed) throws IOException {
    this.target = target;
    this.seeds = new Random(seed);
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    thread("accept", this::accept);
  }

  /** Where it listens, on loopback. */
  public int port() {
    return server.getLocalPort();
  }

  /** What happens to bytes from the client to the server. */
  public void upstream(Toxic... toxics) {
    upstream = List.of(toxics);
  }

  /** What happens to bytes from the server to the client. */
  public void downstream(Toxic... toxics) {
    downstream = List.of(toxics);
  }

  /** From now on resets each new connection, or takes them again. */
  public void refuse(boolean isRefused) {
    refuses = isRefused;
  }

  /** Resets all that are open. */
  public void cut() {
    open.forEach(Connection::reset);
  }

  /** A good network again; what hung is reset, as whoever holds it would find out. */
  public void heal() {
    upstream();
    downstream();
    refuse(false);
    cut();
  }

  /** How many are open. */
  public int openConnections() {
    return open.size();
  }

  /** How many there were. */
  public long connections() {
    return accepted.get();
  }

  /** How many bytes went to the server, on all of them. */
  public long upstreamBytes() {
    return sentUp.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        accepted.incrementAndGet();
        if (refuses) {
          reset(client);
        } else {
          connect(client);
        }
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    Socket there = new Socket();
    try {
      there.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5000);
    } catch (IOException e) {
      reset(client); // the server is down: so its own kernel would answer
      reset(there);
      return;
    }
    Connection connection = new Connection(client, there);
    open.add(connection);
    connection.begin();
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it is closed already: there is nobody left to tell
    }
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, "fault-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Bytes that may not arrive before their time; none where the stream ends. */
  private record Piece(ByteBuffer bytes, long dueNanos) {
    boolean isEnd() {
      return !bytes.hasRemaining();
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket there;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicLong directions = new AtomicLong(2);

    Connection(Socket client, Socket there) {
      this.client = client;
      this.there = there;
    }

    void begin() {
      new Direction(client, there, true).begin();
      new Direction(there, client, false).begin();
    }

    void reset() {
      over.countDown();
      FaultProxy.reset(client);
      FaultProxy.reset(there);
      open.remove(this);
    }

    void ended() {
      if (directions.decrementAndGet() == 0) {
        reset();
      }
    }

    /** One way: a thread that reads and notes when each piece is due, and one that delivers. */
    private final class Direction {
      private final Socket from;
      private final Socket to;
      private final boolean isUp;
      private final Random random;
      private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(IN_FLIGHT);
      private long passed;
      private long lastDue = System.nanoTime();

      Direction(Socket from, Socket to, boolean isUp) {
        this.from = from;
        this.to = to;
        this.isUp = isUp;
        synchronized (seeds) {
          this.random = new Random(seeds.nextLong());
        }
      }

      void begin() {
        thread("read", this::read);
        thread("deliver", this::deliver);
      }

      private <T extends Toxic> T toxic(Class<T> kind) {
        for (Toxic toxic : isUp ? upstream : downstream) {
          if (kind.isInstance(toxic)) {
            return kind.cast(toxic);
          }
        }
        return null;
      }

      private void read() {
        byte[] buffer = new byte[PIECE];
        try {
          for (int n = from.getInputStream().read(buffer);
              n >= 0;
              n = from.getInputStream().read(buffer)) {
            put(new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, n)), due()));
          }
          put(new Piece(ByteBuffer.allocate(0), due()));
        } catch (IOException e) {
          reset();
        }
      }

      /** Waits while the network is full, and gives up with the connection. */
      private void put(Piece piece) throws IOException {
        try {
          while (!pieces.offer(piece, 100, TimeUnit.MILLISECONDS)) {
            if (over.getCount() == 0) {
              throw new IOException("the connection is over");
            }
          }
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }

      private long due() {
        Toxic.Latency latency = toxic(Toxic.Latency.class);
        long now = System.nanoTime();
        if (latency != null) {
          double jitter = latency.jitter().toNanos() * (2 * random.nextDouble() - 1);
          now += Math.max(0, latency.delay().toNanos() + (long) jitter);
        }
        lastDue = Math.max(lastDue, now);
        return lastDue;
      }

      private void deliver() {
        try {
          Piece piece = next();
          while (piece != null && !piece.isEnd()) {
            rest(piece.dueNanos() - System.nanoTime());
            pass(piece.bytes().array());
            piece = next();
          }
          Toxic.SlowClose slow = toxic(Toxic.SlowClose.class);
          rest(slow == null ? 0 : slow.delay().toNanos());
          to.shutdownOutput();
          ended();
        } catch (IOException e) {
          reset();
        }
      }

      private Piece next() throws IOException {
        try {
          Piece piece = null;
          while (piece == null && over.getCount() > 0) {
            piece = pieces.poll(100, TimeUnit.MILLISECONDS);
          }
          return piece;
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }

      private void pass(byte[] bytes) throws IOException {
        Toxic.Timeout timeout = toxic(Toxic.Timeout.class);
        if (timeout != null) {
          rest(timeout.after().isZero() ? Long.MAX_VALUE : timeout.after().toNanos());
          throw new IOException("nothing arrives any more");
        }
        Toxic.Slicer slicer = toxic(Toxic.Slicer.class);
        int at = 0;
        while (at < bytes.length) {
          int size = slicer == null ? bytes.length : sliceOf(slicer);
          int end = Math.min(bytes.length, at + size);
          write(bytes, at, end - at);
          at = end;
          rest(slicer == null || at == bytes.length ? 0 : slicer.delay().toNanos());
        }
      }

      private int sliceOf(Toxic.Slicer slicer) {
        int vary = slicer.variation();
        return slicer.averageBytes() + (vary == 0 ? 0 : random.nextInt(2 * vary) - vary);
      }

      private void write(byte[] bytes, int at, int length) throws IOException {
        OutputStream out = to.getOutputStream();
        Toxic.LimitData limit = toxic(Toxic.LimitData.class);
        long room = limit == null ? length : Math.min(length, limit.bytes() - passed);
        if (room > 0) {
          out.write(bytes, at, (int) room);
          passed += room;
          sentUp.addAndGet(isUp ? room : 0);
        }
        if (room < length) {
          throw new IOException("the limit is reached");
        }
        Toxic.Bandwidth bandwidth = toxic(Toxic.Bandwidth.class);
        if (bandwidth != null) {
          rest(Duration.ofSeconds(1).toNanos() * length / bandwidth.bytesPerSecond());
        }
      }

      /** Waits, and ends at once with the connection. */
      private void rest(long nanos) throws IOException {
        try {
          if (nanos > 0 && over.await(nanos, TimeUnit.NANOSECONDS)) {
            throw new IOException("the connection is over");
          }
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
  }
}
