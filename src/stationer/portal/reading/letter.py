"""temporary"""


def show(request, message, reader):
    from django.shortcuts import render

    return render(
        request, "reading/letter_tmp.html", {"pen": message.pen, "letter": message, "reader": reader}
    )
