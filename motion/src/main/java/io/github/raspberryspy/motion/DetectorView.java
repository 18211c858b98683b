package io.github.raspberryspy.motion;

/**
 * What the detector sees in one picture, on its own small grid, cell by cell in rows: for pictures
 * of how it works. The arrays are the receiver's own.
 */
public final class DetectorView {

  private final int columns;
  private final int rows;
  private final byte[] luma;
  private final byte[] usual;
  private final byte[] mask;
  private final double weight;

  DetectorView(int columns, int rows, byte[] luma, byte[] usual, byte[] mask, double weight) {
    this.columns = columns;
    this.rows = rows;
    this.luma = luma;
    this.usual = usual;
    this.mask = mask;
    this.weight = weight;
  }

  /** Cells across. */
  public int columns() {
    return columns;
  }

  /** Cells down. */
  public int rows() {
    return rows;
  }

  /** Brightness, 0 to 255; 0 in what is masked. */
  public byte[] luma() {
    return luma;
  }

  /** The contrast that is usual: 128 is as bright as the surroundings, more is brighter. */
  public byte[] usual() {
    return usual;
  }

  /** 255 where the picture is out of the ordinary, 0 elsewhere. */
  public byte[] mask() {
    return mask;
  }

  /**
   * What the heaviest area that is out of the ordinary weighs, in times the least that a body must
   * weigh: below 1 nothing counts as motion; 0 where there is none.
   */
  public double weight() {
    return weight;
  }
}
