package io.github.raspberryspy.benchmarks;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A packet into the window and out of it by two cursors, as disk and live view have them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class WindowBenchmark {

  private static final int GOP = 30;
  private static final long WINDOW_BYTES = 16L << 20;

  /** Of a packet: 4 Mbit/s at 30 frames a second is 16 kB. */
  @Param({"2000", "16000", "64000"})
  private int bytes;

  private final Packet[] packets = new Packet[GOP];
  private PacketWindow window;
  private PacketCursor disk;
  private PacketCursor live;
  private int next;

  /** Makes the packets of one GOP, which go round. */
  @Setup
  public void open() {
    window = new PacketWindow(WINDOW_BYTES, false);
    disk = window.openCursor();
    live = window.openCursor();
    for (int i = 0; i < GOP; i++) {
      long pts = i * Pictures.INTERVAL_US;
      packets[i] = new Packet(new byte[bytes], pts, pts, Pictures.INTERVAL_US, i == 0);
    }
  }

  /** Ends it. */
  @TearDown
  public void close() {
    window.close();
  }

  /** One packet in, and out twice. */
  @Benchmark
  public long appendAndReadTwice() {
    window.append(packets[next]);
    next = (next + 1) % GOP;
    return disk.next().ptsUs() + live.next().ptsUs();
  }
}
