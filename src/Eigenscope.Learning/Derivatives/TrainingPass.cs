using System.Numerics;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The gradient of one training step where the network, the targets or the samples differ from what is measured. Batch normalisation couples all samples of a batch, so the batch is held whole, cut into parts, and
/// all parts walk the layers in step: up to the next normalisation in parallel, where their sums are combined in order, and so on, and back down likewise.
/// Without batch normalisation nothing couples the samples, and a large batch goes through in pieces.
/// </summary>
internal sealed class TrainingPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TypedObjective<T> _objective;
    private readonly Network _network;
    private readonly Part[] _parts;
    private readonly BatchStatistics<T>?[] _statistics;
    private readonly ulong[] _maskKeys;
    private readonly int[] _stops;
    private readonly Action<int> _segment;
    private NetworkPass<T> _pass;
    private double _smoothing;
    private T[] _parameters = [];
    private int[] _samples = [];
    private Piece _piece;
    private Segment _current;
    private Augmentation? _augmentation;
    private ulong _augmentationKey;

    public TrainingPass(TypedObjective<T> objective)
    {
        _objective = objective;
        _network = objective.Network;
        _pass = objective.Pass;
        _parts = [.. Enumerable.Range(0, objective.PartCount).Select(_ => new Part(_network))];
        _statistics = [.. _network.Layers.Select(layer => layer is BatchNormLayer norm ? new BatchStatistics<T>(norm, _parts.Length) : null)];
        _stops = [.. Enumerable.Range(0, _statistics.Length).Where(i => _statistics[i] is not null)];
        _maskKeys = new ulong[_network.Layers.Count];
        _segment = RunSegment;
    }

    /// <summary>
    /// Loss, accuracy and gradient of one step. Running statistics move in <paramref name="state"/> unless it is empty; with an empty gradient only the loss is computed.
    /// </summary>
    public LossValue Run(T[] parameters, Span<double> state, ReadOnlySpan<int> samples, Span<double> gradient, TrainingStep step)
    {
        Prepare(parameters, samples, step);
        bool wanted = !gradient.IsEmpty;
        int parts = _objective.PartsFor(samples.Length);
        int rows = _stops.Length > 0 ? samples.Length : Math.Min(samples.Length, parts * _objective.SliceCapacity);
        foreach (Part part in _parts)
            part.Begin(wanted);
        for (int start = 0; start < samples.Length; start += rows)
        {
            int count = Math.Min(rows, samples.Length - start);
            _piece = new Piece(start, count, Math.Min(parts, count), (double)_objective.SampleCount / samples.Length);
            Walk(state, wanted);
        }
        if (wanted)
            Collect(parts, gradient);
        double loss = 0.0;
        long correct = 0;
        for (int i = 0; i < parts; i++)
        {
            loss += _parts[i].Loss;
            correct += _parts[i].Correct;
        }
        return new LossValue(loss, (double)correct / samples.Length);
    }

    private void Prepare(T[] parameters, ReadOnlySpan<int> samples, TrainingStep step)
    {
        _parameters = parameters;
        if (_samples.Length < samples.Length)
            _samples = new int[samples.Length];
        samples.CopyTo(_samples);
        if (step.LabelSmoothing != _smoothing)
        {
            _smoothing = step.LabelSmoothing;
            _pass = new NetworkPass<T>(_network, _objective.Loss.Smoothed(_smoothing), _objective.Compute.Blas);
        }
        _augmentation = step.Augmentation;
        _augmentationKey = _augmentation is null ? 0 : Augmentation.EpochKey(step.Random, step.Epoch);
        for (int i = 0; i < _maskKeys.Length; i++)
        {
            if (_network.Layers[i] is DropoutLayer)
                _maskKeys[i] = step.Random.Split(FormattableString.Invariant($"mask of '{_network.Layers[i].Name}', epoch {step.Epoch}, batch {step.Batch}")).State.Key;
        }
    }

    // Between two normalisations the parts run by themselves; at each they are all there.
    private void Walk(Span<double> state, bool wanted)
    {
        int top = _network.Layers.Count;
        int from = 0;
        bool loads = true;
        foreach (int stop in _stops)
        {
            Run(new Segment { Loads = loads, From = from, To = stop });
            _statistics[stop]!.CombineMoments(_piece.Parts, _parameters, state);
            (from, loads) = (stop, false);
        }
        Run(new Segment { Loads = loads, From = from, To = top, High = wanted ? top : 0, Low = _stops.Length > 0 ? _stops[^1] : -1 });
        for (int i = _stops.Length - 1; wanted && i >= 0; i--)
        {
            _statistics[_stops[i]]!.CombineCotangents(_piece.Parts, _parameters);
            Run(new Segment { High = _stops[i] + 1, Low = i > 0 ? _stops[i - 1] : -1 });
        }
    }

    private void Run(Segment segment)
    {
        _current = segment;
        _objective.Compute.ForEachPart(_piece.Parts, _segment);
    }

    private void RunSegment(int index)
    {
        Part part = _parts[index];
        (int start, int count) = Compute.PartRange(_piece.Count, index, _piece.Parts);
        int firstRow = _piece.Start + start;
        if (_current.Loads)
            Load(part, firstRow, count);
        if (_current.To > 0 || _current.Loads)
            Up(part, index, firstRow);
        if (_current.High > 0)
            Down(part, index, firstRow);
    }

    private void Load(Part part, int firstRow, int count)
    {
        SliceState<T> slice = part.Reserve(((_piece.Count - 1) / _piece.Parts) + 1);
        ReadOnlySpan<int> samples = _samples.AsSpan(firstRow, count);
        _objective.Gather(slice, samples, _piece.Factor, part.Inputs);
        if (_augmentation is null)
            return;
        MatrixSpan<T> inputs = slice.Value(0);
        for (int i = 0; i < count; i++)
        {
            inputs.Row(i).CopyTo(part.Original);
            _augmentation.Apply(_augmentationKey, samples[i], part.Original, inputs.Row(i));
        }
    }

    private void Up(Part part, int index, int firstRow)
    {
        SliceState<T> slice = part.Slice;
        for (int i = _current.From; i < _current.To; i++)
        {
            if (_statistics[i] is { } statistics)
                statistics.Value(Input(slice, i), slice.Value(i + 1).Data);
            else if (_network.Layers[i] is DropoutLayer dropout)
                dropout.ApplyMask(_maskKeys[i], firstRow, Input(slice, i), slice.Value(i + 1).Data);
            else
                _pass.UpLayer(slice, _parameters, i, keep: true);
        }
        if (_current.To < _network.Layers.Count)
        {
            _statistics[_current.To]!.CollectMoments(index, Input(slice, _current.To));
            return;
        }
        part.Loss += _pass.EvaluateLoss(slice);
        part.Correct += _objective.CountCorrect(slice);
    }

    private void Down(Part part, int index, int firstRow)
    {
        SliceState<T> slice = part.Slice;
        for (int i = _current.High - 1; i > _current.Low; i--)
        {
            if (_statistics[i] is null && _network.Layers[i] is not DropoutLayer)
                _pass.DownLayer(slice, _parameters, i, new ParameterGradient<T>(part.Accumulator.Target, 0, _objective.AllParameters.Active));
            else if (_network.Sources(i)[0] > 0)
                PullInput(slice, i, firstRow);
        }
        if (_current.Low >= 0)
            _statistics[_current.Low]!.CollectCotangents(index, slice.Cotangent(_current.Low + 1).Data, Input(slice, _current.Low));
        else
            part.Accumulator.EndSlice(slice.Rows);
    }

    private void PullInput(SliceState<T> slice, int layer, int firstRow)
    {
        ReadOnlySpan<T> above = slice.Cotangent(layer + 1).Data;
        Span<T> below = _pass.CotangentBelow(slice, layer).Data;
        if (_network.Layers[layer] is DropoutLayer dropout)
            dropout.ApplyMask(_maskKeys[layer], firstRow, above, below);
        else
            _statistics[layer]!.Pullback(above, Input(slice, layer), below);
        _pass.JoinCotangent(slice, layer);
    }

    private ReadOnlySpan<T> Input(SliceState<T> slice, int layer) => slice.Value(_network.Sources(layer)[0]).Data;

    private void Collect(int parts, Span<double> gradient)
    {
        GradientAccumulator<T>.Sum(_objective.Compute, [.. _parts.Take(parts).Select(static part => part.Accumulator)], gradient);
        foreach (int stop in _stops)
            _statistics[stop]!.WriteGradient(gradient);
    }

    /// <summary>The samples that walk together: a range of the batch, and the factor on their weights.</summary>
    private readonly record struct Piece(int Start, int Count, int Parts, double Factor);

    /// <summary>What every part does before the next meeting: values of layers From … To − 1, then cotangents through layers High − 1 … Low + 1.</summary>
    private readonly record struct Segment
    {
        public bool Loads { get; init; }

        public int From { get; init; }

        public int To { get; init; }

        public int High { get; init; }

        public int Low { get; init; }
    }

    private sealed class Part(Network network)
    {
        private SliceState<T>? _slice;
        private int _capacity;

        public GradientAccumulator<T> Accumulator { get; } = new(network.ParameterCount);

        public double Loss { get; set; }

        public long Correct { get; set; }

        public SliceState<T> Slice => _slice!;

        public T[] Inputs { get; private set; } = [];

        public T[] Original { get; } = new T[network.InputSize];

        public void Begin(bool gradient)
        {
            Loss = 0.0;
            Correct = 0;
            if (gradient)
                Accumulator.Clear(network.ParameterCount);
        }

        public SliceState<T> Reserve(int capacity)
        {
            if (_slice is null || _capacity < capacity)
            {
                _capacity = capacity;
                _slice = new SliceState<T>(network, capacity, keepsCotangents: false);
                Inputs = new T[checked(capacity * network.InputSize)];
            }
            return _slice;
        }
    }
}
