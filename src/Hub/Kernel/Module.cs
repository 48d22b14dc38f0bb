using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DispatchCenter.Hub.Kernel;

/// <summary>
/// A part of the house that hands itself in. The set-up, the database, the book watch, the cleaner and the scheduler go through the list of
/// modules; none of them is edited for a new one. What it says to people stands in a table that ends in Sentences.csv in its folder, what it adds to the tables
/// of the database in Migrations/0001-name.sql and on. Modules are made once, before anything else, and keep no state.
/// </summary>
public abstract class Module
{
    /// <summary>Also the name of its folder.</summary>
    public abstract string Name { get; }

    public virtual IEnumerable<Right> Rights => [];

    /// <summary>What it keeps in memory and reads anew when the database says so, in the order in which it is to be read.</summary>
    public virtual IEnumerable<Book> Books => [];

    /// <summary>What it forgets, and when.</summary>
    public virtual IEnumerable<Forgets> Forgets => [];

    public virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>What looks at the clock in the background of every node. Not called in tests that move the clock by hand.</summary>
    public virtual void AddTicking(IServiceCollection services)
    {
    }

    /// <summary>What is done once for all nodes, by the clock on the wall in Asia/Shanghai.</summary>
    public virtual void AddCrons(IQuartzBuilder quartz)
    {
    }

    /// <summary>Its tables. Columns that are given no name are called as their properties, in snake case.</summary>
    public virtual void MapTables(ModelBuilder model)
    {
    }

    /// <summary>The last thing before anything is served, once its books are read.</summary>
    public virtual Task OpenAsync(IServiceProvider services, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>What must hold of the list of modules as a whole.</summary>
public static class ModuleList
{
    /// <summary>Nobody names twice what can only be one: a module, a right, a book, a table, the number of a migration. Sentences and words say so when they are read.</summary>
    /// <exception cref="InvalidOperationException">The start must not go on; the message says what is named twice, and by whom.</exception>
    public static void Check(IReadOnlyList<Module> modules)
    {
        Once("module", modules.Select(m => (m.Name, m.Name)));
        Once("right", modules.SelectMany(m => m.Rights.Select(r => (r.Name, m.Name))).Concat(Right.In(typeof(KernelRights)).Select(r => (r.Name, "Kernel"))));
        Once("book", modules.SelectMany(m => m.Books.Select(b => (b.Name, m.Name))));
        Once("table", modules.SelectMany(m => TablesOf(m).Select(table => (table, m.Name))));
        foreach (var module in modules) Migrations.Of(module);
    }

    private static IEnumerable<string> TablesOf(Module module)
    {
        var model = new ModelBuilder();
        module.MapTables(model);
        return model.Model.GetEntityTypes().Select(entity => entity.GetTableName()!);
    }

    /// <summary>What is named is named once.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says what, and by whom.</exception>
    public static void Once(string what, IEnumerable<(string Name, string By)> named)
    {
        if (named.GroupBy(n => n.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidOperationException($"The {what} {twice.Key} is named twice: by {string.Join(" and ", twice.Select(n => n.By))}.");
    }
}

/// <summary>What a node holds in memory and the database counts the changes of.</summary>
/// <param name="Name">The row of the table of books.</param>
/// <param name="LoadAsync">Reads it.</param>
/// <param name="With">Other books that it is read anew with.</param>
public sealed record Book(string Name, Func<IServiceProvider, CancellationToken, Task> LoadAsync, params string[] With);

/// <summary>Deletes a bite of what has become too old, and returns how many rows are gone: a full bite says that there may be more.</summary>
/// <param name="Bite">Rows at once.</param>
/// <param name="ForgetAsync">Deletes up to a bite of what was too old at an instant.</param>
public sealed record Forgets(int Bite, Func<IServiceProvider, DateTimeOffset, CancellationToken, Task<int>> ForgetAsync);
