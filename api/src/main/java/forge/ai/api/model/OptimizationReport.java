package forge.ai.api.model;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * An optimised version compared with the one it was made from.
 *
 * @param model the model
 * @param from the version it was made from
 * @param written the new version; empty if it was not written because its outputs differ too much
 * @param quantized how many matrices of weights were rounded to 8 bits
 * @param bytesBefore the size of the model's file
 * @param bytesAfter the size of the new one
 * @param timeBefore what one computation took, the median
 * @param timeAfter the same of the new one
 * @param maxDifference the largest difference between outputs, in parts of the largest number of that output
 * @param agreement the share of rows whose highest value stands in the same place, or which are equal where they are no
 *     floating point numbers; from 0 to 1
 * @param tolerance the most that {@code maxDifference} was allowed to be
 */
public record OptimizationReport(
        String model,
        long from,
        OptionalLong written,
        int quantized,
        long bytesBefore,
        long bytesAfter,
        Duration timeBefore,
        Duration timeAfter,
        double maxDifference,
        double agreement,
        double tolerance) {

    public OptimizationReport {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(written, "written");
        Objects.requireNonNull(timeBefore, "timeBefore");
        Objects.requireNonNull(timeAfter, "timeAfter");
    }
}
