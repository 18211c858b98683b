package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A fragment of a second made durable: our writer, which hashes as well, beside a bare write and
 * {@code fdatasync} of the same bytes into a file in the same folder, {@code java.io.tmpdir}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DurableFragmentBenchmark {

  /** Of a fragment: 500 kB is a second at 4 Mbit/s. */
  @Param({"500000"})
  private int bytes;

  private ByteBuffer fragment;
  private Path folder;
  private SegmentFiles files;
  private SegmentWriter writer;
  private FileChannel bare;

  /** Begins both files anew, so that neither grows without end. */
  @Setup(Level.Iteration)
  public void open() throws IOException {
    fragment = ByteBuffer.allocateDirect(bytes);
    byte[] noise = new byte[bytes];
    new Random(7).nextBytes(noise);
    fragment.put(noise).flip();
    folder = Files.createTempDirectory("fragments");
    files = new SegmentFiles(folder, new SegmentName(Instant.EPOCH, ClockState.SYNCED, 1, 0));
    writer = SegmentWriter.create(files);
    bare =
        FileChannel.open(
            folder.resolve("bare"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Deletes both. */
  @TearDown(Level.Iteration)
  public void close() throws IOException {
    writer.close();
    bare.close();
    Files.delete(files.part());
    Files.delete(folder.resolve("bare"));
    Files.delete(folder);
  }

  /** As the recorder does it, as far as durability waits for it. */
  @Benchmark
  public void untilDurable() throws IOException {
    writer.persist(fragment.duplicate());
  }

  /** As the recorder does it, with the hash that comes after. */
  @Benchmark
  public void segmentWriter() throws IOException {
    writer.append(fragment.duplicate());
  }

  /** The least that makes bytes durable. */
  @Benchmark
  public void writeAndFdatasync() throws IOException {
    ByteBuffer left = fragment.duplicate();
    while (left.hasRemaining()) {
      bare.write(left);
    }
    bare.force(false);
  }
}
