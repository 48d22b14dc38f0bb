using System.Collections.Immutable;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>The result of reading a street's files. Rejected lines are listed by file, then by line.</summary>
public abstract record StreetImport
{
    private StreetImport(ImmutableArray<RefusedLine> refusedLines) => RefusedLines = refusedLines;

    /// <summary>Bounded by the line limits of <see cref="StreetFiles"/>.</summary>
    public ImmutableArray<RefusedLine> RefusedLines { get; }

    /// <summary>The number of lines in the map: zero if the import was rejected as a whole.</summary>
    public abstract int TakenLines { get; }

    /// <summary>The map is usable. It may still leave places uncovered: see the warnings.</summary>
    public sealed record Taken : StreetImport
    {
        internal Taken(StreetMap map, ImmutableArray<RefusedLine> refusedLines, ImmutableArray<RefusedLine> remarks, ImmutableArray<Words> warnings)
            : base(refusedLines) => (Map, Remarks, Warnings) = (map, remarks, warnings);

        public StreetMap Map { get; }

        /// <summary>Imported lines with an irregularity.</summary>
        public ImmutableArray<RefusedLine> Remarks { get; }

        public ImmutableArray<Words> Warnings { get; }

        public override int TakenLines => 1 + Map.Communities.Length + Map.Grids.Length + Map.Teams.Length + Map.Stations.Length;
    }

    /// <summary>Nothing is imported, for the given reasons.</summary>
    public sealed record Refused : StreetImport
    {
        internal Refused(ImmutableArray<Words> reasons, ImmutableArray<RefusedLine> refusedLines)
            : base(refusedLines) => Reasons = reasons;

        /// <summary>At least one.</summary>
        public ImmutableArray<Words> Reasons { get; }

        public override int TakenLines => 0;
    }
}
