using System.Numerics;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>The data loss in one precision. Samples are cut into as many parts as there are threads, each part walked in slices; partial sums are added in double, in order.</summary>
internal sealed class TypedObjective<T> : Objective
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SampleFeed<T> _samples;
    private readonly Part[] _parts;
    private readonly int _sliceRows;
    private readonly int _smallestPart;
    private LinearizationMemory<T>? _spare;
    private TrainingPass<T>? _training;
    private T[] _parameters = [];

    public TypedObjective(Network network, SampleSource source, Loss loss, Compute compute, ObjectiveOptions options)
        : base(network, source, loss, compute, options)
    {
        _sliceRows = options.SliceRows ?? SliceSize.Rows<T>(network);
        _smallestPart = SliceSize.SmallestPart<T>(network);
        Pass = new NetworkPass<T>(network, loss, compute.Blas);
        _samples = SampleFeed<T>.Create(source, Weighting, loss.LabelCount(network.OutputSize));
        AllParameters = ParameterScope.Resolve(network, ParameterScope.AllName);
        _parts = new Part[Math.Min(compute.Threads, Math.Max(1, SampleCount / _smallestPart))];
        for (int i = 0; i < _parts.Length; i++)
            _parts[i] = new Part(network.ParameterCount);
    }

    public NetworkPass<T> Pass { get; }

    public ParameterScope AllParameters { get; }

    internal override int SliceCapacity => Math.Min(_sliceRows, Math.Max((SampleCount + PartCount - 1) / PartCount, 2 * _smallestPart));

    public int PartCount => _parts.Length;

    /// <summary>Bytes that a linearisation holds when it keeps every slice: inputs are counted where the source does not hold them itself.</summary>
    public unsafe long StateBytes =>
        SliceState<T>.Bytes(Network, SampleCount) + (_samples.IsResident ? 0 : (long)SampleCount * Network.InputSize * sizeof(T));

    public override LossValue Evaluate(ReadOnlySpan<double> parameters) => IsTraining(Options.Mode) ? EvaluateTraining(parameters) : Walk(parameters, [], []);

    public override LossValue Gradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        RequireGradient(gradient);
        RequireMeasuring(Options.Mode, "the gradient");
        return Walk(parameters, [], gradient);
    }

    public override LossValue BatchGradient(ReadOnlySpan<double> parameters, ReadOnlySpan<int> samples, Span<double> gradient)
    {
        RequireGradient(gradient);
        RequireMeasuring(Options.Mode, "the gradient");
        RequireBatch(samples, smallest: 1);
        return Walk(parameters, samples.ToArray(), gradient);
    }

    public override LossValue TrainingGradient(Span<double> state, ReadOnlySpan<int> samples, Span<double> gradient, TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        TrainingStep.Check(step, Network);
        RequireGradient(gradient);
        RequireBatch(samples, TrainingLayers.SmallestBatch(Network));
        if (step.IsPlain(Network))
            return Walk(state, samples.ToArray(), gradient);
        SetParameters(state);
        _training ??= new TrainingPass<T>(this);
        return _training.Run(_parameters, state, samples, gradient, step);
    }

    public override Tensor<double> Logits(ReadOnlySpan<double> parameters)
    {
        RequireMeasuring(Options.Mode, "the logits");
        SetParameters(parameters);
        Tensor<double> logits = new(SampleCount, Network.OutputSize);
        Compute.ForEachPart(_parts.Length, index =>
        {
            SliceState<T> slice = _parts[index].Slice(Network, SliceCapacity);
            foreach ((int start, int count) in Slices(index))
            {
                Load(slice, start, count);
                Pass.Up(slice, _parameters, keep: false);
                TensorPrimitives.ConvertTruncating<T, double>(slice.Value(Network.Layers.Count).Data, logits.AsMatrix().RowRange(start, count).Data);
            }
        });
        return logits;
    }

    public override Linearization Linearize(ReadOnlySpan<double> parameters)
    {
        RequireMeasuring(Options.Mode, "a linearisation");
        RequireState(parameters);
        return new TypedLinearization<T>(this, parameters);
    }

    /// <summary>Memory of a linearisation that was disposed, or new.</summary>
    public LinearizationMemory<T> RentMemory(bool keepsActivations) =>
        Interlocked.Exchange(ref _spare, null) ?? new LinearizationMemory<T>(this, keepsActivations);

    public void ReturnMemory(LinearizationMemory<T> memory) => Volatile.Write(ref _spare, memory);

    /// <summary>The slices of one part: consecutive ranges of samples, the last possibly shorter.</summary>
    public IEnumerable<(int Start, int Count)> Slices(int part) => Slices(SampleCount, part, _parts.Length);

    public void Load(SliceState<T> slice, int start, int count) => _samples.Load(slice, start, count);

    /// <summary>Copies scattered samples into <paramref name="buffer"/> and loads them, their weights multiplied by <paramref name="factor"/>.</summary>
    public void Gather(SliceState<T> slice, ReadOnlySpan<int> samples, double factor, T[] buffer) => _samples.Gather(slice, samples, factor, buffer);

    /// <summary>How many parts a number of samples is cut into.</summary>
    public int PartsFor(int samples) => Math.Min(_parts.Length, Math.Max(1, samples / _smallestPart));

    public int CountCorrect(SliceState<T> slice)
    {
        if (!Loss.HasClasses)
            return 0;
        MatrixSpan<T> logits = slice.Value(Network.Layers.Count);
        int correct = 0;
        for (int i = 0; i < slice.Rows; i++)
        {
            if (TensorPrimitives.IndexOfMax<T>(logits.Row(i)) == slice.Labels[i])
                correct++;
        }
        return correct;
    }

    private IEnumerable<(int Start, int Count)> Slices(int samples, int part, int parts)
    {
        (int start, int count) = Compute.PartRange(samples, part, parts);
        int step = SliceCapacity;
        for (int done = 0; done < count; done += step)
            yield return (start + done, Math.Min(step, count - done));
    }

    private LossValue Walk(ReadOnlySpan<double> parameters, int[] samples, Span<double> gradient)
    {
        SetParameters(parameters);
        bool wanted = !gradient.IsEmpty;
        int total = samples.Length > 0 ? samples.Length : SampleCount;
        int parts = PartsFor(total);
        Compute.ForEachPart(parts, index => WalkPart(_parts[index], Slices(total, index, parts), samples, wanted));
        double loss = 0.0;
        long correct = 0;
        for (int index = 0; index < parts; index++)
        {
            loss += _parts[index].Loss;
            correct += _parts[index].Correct;
        }
        if (wanted)
            GradientAccumulator<T>.Sum(Compute, [.. _parts.Take(parts).Select(static part => part.Accumulator)], gradient);
        return new LossValue(loss, (double)correct / total);
    }

    private void WalkPart(Part part, IEnumerable<(int Start, int Count)> slices, int[] samples, bool wanted)
    {
        SliceState<T> slice = part.Slice(Network, SliceCapacity);
        part.Begin(wanted);
        bool[] active = AllParameters.Active;
        foreach ((int start, int count) in slices)
        {
            if (samples.Length > 0)
                Gather(slice, samples.AsSpan(start, count), (double)SampleCount / samples.Length, part.GatherBuffer(SliceCapacity * Network.InputSize));
            else
                Load(slice, start, count);
            Pass.Up(slice, _parameters, keep: wanted);
            part.Loss += Pass.EvaluateLoss(slice);
            part.Correct += CountCorrect(slice);
            if (!wanted)
                continue;
            Pass.Down(slice, _parameters, new ParameterGradient<T>(part.Accumulator.Target, 0, active), keepCurvature: false);
            part.Accumulator.EndSlice(count);
        }
    }

    private void SetParameters(ReadOnlySpan<double> parameters)
    {
        RequireState(parameters);
        if (_parameters.Length == 0)
            _parameters = new T[Network.StateLength];
        TensorPrimitives.ConvertTruncating<double, T>(parameters, _parameters);
    }

    private LossValue EvaluateTraining(ReadOnlySpan<double> parameters)
    {
        SetParameters(parameters);
        int[] all = [.. Enumerable.Range(0, SampleCount)];
        RequireBatch(all, TrainingLayers.SmallestBatch(Network));
        if (TrainingLayers.AnyDrawsIn(Network))
            RequireMeasuring(Options.Mode, "the loss");
        _training ??= new TrainingPass<T>(this);
        return _training.Run(_parameters, [], all, [], new TrainingStep { Random = new RandomStream(0), Epoch = 0, Batch = 0 });
    }

    /// <summary>The scratch of one part of the work.</summary>
    private sealed class Part(int parameterCount)
    {
        private SliceState<T>? _slice;
        private GradientAccumulator<T>? _accumulator;
        private T[] _gather = [];

        // Made when a gradient is first asked for: a run that only linearises never pays for it.
        public GradientAccumulator<T> Accumulator => _accumulator ??= new GradientAccumulator<T>(parameterCount);

        public double Loss { get; set; }

        public int Correct { get; set; }

        public SliceState<T> Slice(Network network, int capacity) => _slice ??= new SliceState<T>(network, capacity);

        public T[] GatherBuffer(int length)
        {
            if (_gather.Length < length)
                _gather = new T[length];
            return _gather;
        }

        public void Begin(bool gradient)
        {
            Loss = 0.0;
            Correct = 0;
            if (gradient)
                Accumulator.Clear(parameterCount);
        }
    }
}
