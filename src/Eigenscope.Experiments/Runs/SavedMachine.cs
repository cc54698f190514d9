using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Formats;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>A kernel machine on disk with the map of its inputs and the names of its classes, so that it can be applied to data as that is. Both stand in the file's note, as JSON.</summary>
internal sealed record SavedMachine(KernelMachine Machine, Standardization? Scaling, IReadOnlyList<string>? Classes)
{
    /// <summary>Writes the file, whole or not at all.</summary>
    public void Save(string path) =>
        KernelMachineFile.Save(path, Machine, JsonSerializer.Serialize(new Note(Scaling?.Means, Scaling?.Scales, Classes)));

    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">It cannot be read; one line that names it.</exception>
    public static SavedMachine Load(string path, Compute compute)
    {
        try
        {
            (KernelMachine machine, string text) = KernelMachineFile.Load(path, compute);
            Note note = JsonSerializer.Deserialize<Note>(text) ?? new Note(null, null, null);
            return new SavedMachine(machine, note.Means is { } means ? new Standardization([.. means], [.. note.Scales ?? []]) : null, note.Classes);
        }
        catch (Exception failure) when (failure is DataFormatException or ArgumentException or JsonException)
        {
            string problem = failure is JsonException ? "expected a machine that rfm --save wrote: its note says nothing of its inputs" : failure.Message.Split(" (Parameter", 2)[0];
            throw new UsageException($"--load {path}: {problem}", failure);
        }
    }

    /// <summary>A plan whose samples are mapped as the machine's were.</summary>
    /// <exception cref="UsageException">The data does not fit the machine.</exception>
    public RfmPlan Fit(RfmPlan plan)
    {
        RfmData test = plan.Test!;
        Require(plan, test.Points.Columns == Machine.Metric.Dimension, $"the machine takes samples of {Machine.Metric.Dimension} numbers, those of {plan.Options.Data} have {test.Points.Columns}");
        Require(plan, Classes is null == plan.Options.Regression, Classes is null ? "the machine predicts real targets, so that --regression is needed" : "the machine predicts classes, and --regression asks for real targets");
        Require(plan, test.Targets.Columns == Machine.Coefficients.Columns, $"the machine has {Machine.Coefficients.Columns} outputs, {plan.Options.Data} has {test.Targets.Columns} {(plan.Options.Regression ? "targets" : "classes")}");
        Require(plan, Classes is null || Classes.SequenceEqual(plan.Classes!, StringComparer.Ordinal), $"the classes of {plan.Options.Data} have other names than the machine's");
        return plan with { Test = Scaling is null ? test : test with { Points = Scaling.Apply(test.Points) }, Scaling = Scaling };
    }

    private static void Require(RfmPlan plan, bool holds, string problem)
    {
        if (!holds)
            throw new UsageException($"--load {plan.Options.Load}: {problem}");
    }

    private sealed record Note(IReadOnlyList<double>? Means, IReadOnlyList<double>? Scales, IReadOnlyList<string>? Classes);
}
