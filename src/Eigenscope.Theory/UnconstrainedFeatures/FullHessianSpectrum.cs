using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// The complete spectrum of the Hessian of the regularised loss at the collapsed solution, in the weights, the last bias if there is one, and the features if wanted.
/// It falls apart into small blocks, r the rank, λ_0 = λ_H, λ_l = λ, t = (√λ_0 if the features vary, √λ_1, …, √λ_L):
/// <list type="bullet">
/// <item>class block, a direction D (r × r) in every layer: the residual couples any two layers with ∓√(λ_l λ_m), − on symmetric and + on antisymmetric D, so an
/// eigenvalue θ of the curvature gives the matrices (θ/λ − 1)ttᵀ + 2diag(λ_i) and (θ/λ + 1)ttᵀ;</item>
/// <item>for cross-entropy, K − 1 of the symmetric D also feel a shift of all logits: by the bias, or by moving all features alike;</item>
/// <item>class inputs to other hidden directions, r(d−r) a pair of neighbours, coupled as [[λ, ±λ], [±λ, λ]]: 2λ and 0; with the features as the first neighbour, λ + λ_H and 0;</item>
/// <item>other to other, (L−1)(d−r)²: λ; other inputs to the logits;</item>
/// <item>outputs of W_L common to all classes, where r = K − 1;</item>
/// <item>within-class directions of the features: s^{2L}ω/N + λ_H, ω an eigenvalue of Λ_c, and λ_H.</item>
/// </list>
/// </summary>
internal sealed class FullHessianSpectrum
{
    private readonly UfmOptimum _optimum;
    private readonly UfmSetting _setting;
    private readonly ClassBlock _block;
    private readonly bool _withFeatures;
    private readonly SpectrumBuilder _groups = new();
    private readonly double _decay;
    private readonly double _featureDecay;
    private readonly long _depth;
    private readonly long _rank;
    private readonly long _others;

    /// <summary>At a solution that exists.</summary>
    public FullHessianSpectrum(UfmOptimum optimum, bool withFeatures)
    {
        _optimum = optimum;
        _setting = optimum.Setting;
        _block = new ClassBlock(optimum);
        _withFeatures = withFeatures;
        _decay = _setting.WeightDecay;
        _featureDecay = _setting.FeatureDecay;
        _depth = _setting.Depth;
        _rank = optimum.Rank;
        _others = _setting.Width - _rank;
    }

    private bool IsCrossEntropy => _setting.Loss == UfmLoss.CrossEntropy;

    // Norm of the change of the logits, per sample, when all features move alike along a class direction of H_1 (a matrix of unit norm).
    private double CommonFeatureGain => Math.Pow(_optimum.SingularValue, _depth) / Math.Sqrt(_setting.Samples);

    private double TraceOfDecays => (_depth * _decay) + (_withFeatures ? _featureDecay : 0);

    /// <summary>All eigenvalues.</summary>
    public IReadOnlyList<PredictedGroup> Build()
    {
        foreach (CurvatureMode mode in _block.Modes)
            AddClassBlock(mode);
        AddOtherDirections();
        if (_setting.IsCentred)
            AddCommonOutputs();
        if (_setting.IsCentred && !CouplesShifts)
            AddShifts(_rank);
        if (_withFeatures)
            AddFeatures();
        return _groups.Build();
    }

    // For two classes there is no direction of the class block that a shift of the logits could couple with.
    private bool CouplesShifts => IsCrossEntropy && _setting.Classes > 2;

    private void AddClassBlock(CurvatureMode mode)
    {
        _groups.Add(2 * _decay, (_depth - 1) * mode.Symmetric);
        if (CouplesShifts && mode.MeanCoupling != 0)
            _groups.AddAll(CoupledWithShifts(mode), mode.Symmetric);
        else if (_withFeatures)
            _groups.AddAll(WithFeatures(mode.Value / _decay), mode.Symmetric);
        else
            _groups.Add((_depth * mode.Value) + ((2 - _depth) * _decay), mode.Symmetric);
        double together = mode.Value / _decay * TraceOfDecays;
        _groups.Add(together + TraceOfDecays, mode.Antisymmetric);
        _groups.Add(0, (_withFeatures ? _depth : _depth - 1) * mode.Antisymmetric);
    }

    /// <summary>(θ/λ − 1)ttᵀ + 2diag(λ_i) on the direction of the weights in t and the features.</summary>
    private double[] WithFeatures(double ratio)
    {
        double factor = ratio - 1;
        double weights = ((factor * _depth) + 2) * _decay;
        double features = (factor + 2) * _featureDecay;
        double determinant = 2 * _decay * _featureDecay * ((factor * (_depth + 1)) + 2);
        return TwoByTwo.Eigenvalues(weights, features, factor * Math.Sqrt(_depth * _decay * _featureDecay), determinant);
    }

    /// <summary>
    /// The weights' direction in t, then the features (class block, and all alike), then the bias: with y what they add to a unit D and z to a unit shift,
    /// the data loss is θy² + 2κyz + βz², β the curvature of a shift.
    /// </summary>
    private double[] CoupledWithShifts(CurvatureMode mode)
    {
        List<double> inBlock = [Math.Sqrt(_depth)];
        List<double> inShift = [0];
        List<double> decays = [_decay];
        if (_withFeatures)
        {
            inBlock.AddRange([Math.Sqrt(_featureDecay / _decay), 0]);
            inShift.AddRange([0, CommonFeatureGain]);
            decays.AddRange([_featureDecay, _featureDecay]);
        }
        if (_setting.LastBias)
        {
            inBlock.Add(0);
            inShift.Add(1);
            decays.Add(0);
        }
        return Eigenvalues(decays.Count, (i, j) => ((mode.Value - _decay) * inBlock[i] * inBlock[j])
            + (mode.MeanCoupling * ((inBlock[i] * inShift[j]) + (inShift[i] * inBlock[j])))
            + (_block.ShiftCurvature * inShift[i] * inShift[j])
            + (i == j ? decays[i] * (inBlock[i] != 0 ? 2 : 1) : 0));
    }

    private static double[] Eigenvalues(int order, Func<int, int, double> entry)
    {
        double[] matrix = new double[order * order];
        for (int i = 0; i < matrix.Length; i++)
            matrix[i] = entry(i / order, i % order);
        double[] values = new double[order];
        BlasBackends.Load(BlasChoice.Managed).Backend.SymmetricEigen(new MatrixSpan<double>(matrix, order, order), values, vectors: false);
        return values;
    }

    private void AddOtherDirections()
    {
        long pairs = (_depth - 1) * _rank * _others;
        _groups.Add(2 * _decay, pairs).Add(0, pairs);
        _groups.Add(_decay, (_depth - 1) * _others * _others);
        if (_withFeatures)
            _groups.Add(_decay + _featureDecay, _rank * _others).Add(0, _rank * _others);
        else
            _groups.Add(_decay, _rank * _others);
    }

    private void AddCommonOutputs()
    {
        _groups.Add(_decay, _others);
        _groups.Add(IsCrossEntropy ? _decay : _optimum.Outlier + _decay, _rank);
        if (_setting.LastBias)
            _groups.Add(IsCrossEntropy ? 0 : 1, 1);
    }

    /// <summary>The bias and the features moved alike, which the class block does not feel.</summary>
    private void AddShifts(long count)
    {
        double curvature = _block.ShiftCurvature;
        double gain = CommonFeatureGain;
        double features = (curvature * gain * gain) + _featureDecay;
        if (_withFeatures && _setting.LastBias)
            _groups.AddAll(TwoByTwo.Eigenvalues(curvature, features, curvature * gain, curvature * _featureDecay), count);
        else if (_withFeatures)
            _groups.Add(features, count);
        else if (_setting.LastBias)
            _groups.Add(curvature, count);
    }

    private void AddFeatures()
    {
        long within = (long)_setting.Classes * (_setting.PerClass - 1);
        double gain = Math.Pow(_optimum.SingularValue, 2.0 * _depth) / _setting.Samples;
        foreach (PredictedGroup curvature in _block.LogitCurvature)
            _groups.Add((gain * curvature.Value) + _featureDecay, curvature.Count * within);
        _groups.Add(_featureDecay, _others * (within + (_setting.IsCentred ? 1 : 0)));
    }
}
