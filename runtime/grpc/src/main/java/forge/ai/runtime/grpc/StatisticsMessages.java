package forge.ai.runtime.grpc;

import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.inference.InferenceStatistics.Batch;
import forge.ai.api.inference.InferenceStatistics.Sum;
import forge.ai.runtime.grpc.protocol.InferBatchStatistics;
import forge.ai.runtime.grpc.protocol.InferStatistics;
import forge.ai.runtime.grpc.protocol.ModelStatistics;
import forge.ai.runtime.grpc.protocol.ModelStatisticsResponse;
import forge.ai.runtime.grpc.protocol.StatisticDuration;
import java.time.Instant;
import java.util.List;

/** Writes what models have computed. */
final class StatisticsMessages {

    private StatisticsMessages() {}

    static ModelStatisticsResponse of(List<InferenceStatistics> statistics) {
        return ModelStatisticsResponse.newBuilder()
                .addAllModelStats(
                        statistics.stream().map(StatisticsMessages::model).toList())
                .build();
    }

    private static ModelStatistics model(InferenceStatistics model) {
        return ModelStatistics.newBuilder()
                .setName(model.model())
                .setVersion(Long.toString(model.version()))
                .setLastInference(
                        model.lastExecution().map(Instant::toEpochMilli).orElse(0L))
                .setInferenceCount(model.rows())
                .setExecutionCount(model.executions())
                .setInferenceStats(InferStatistics.newBuilder()
                        .setSuccess(sum(model.success()))
                        .setFail(sum(model.failure()))
                        .setQueue(sum(model.queue()))
                        .setComputeInput(sum(model.computeInput()))
                        .setComputeInfer(sum(model.computeInfer()))
                        .setComputeOutput(sum(model.computeOutput()))
                        .setCacheHit(sum(model.cacheHit()))
                        .setCacheMiss(sum(model.cacheMiss())))
                .addAllBatchStats(
                        model.batches().stream().map(StatisticsMessages::batch).toList())
                .build();
    }

    private static InferBatchStatistics batch(Batch batch) {
        return InferBatchStatistics.newBuilder()
                .setBatchSize(batch.rows())
                .setComputeInput(sum(batch.computeInput()))
                .setComputeInfer(sum(batch.computeInfer()))
                .setComputeOutput(sum(batch.computeOutput()))
                .build();
    }

    private static StatisticDuration sum(Sum sum) {
        return StatisticDuration.newBuilder()
                .setCount(sum.count())
                .setNs(sum.total().toNanos())
                .build();
    }
}
